package io.smstask.ownruntime;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * Runs typical events through the packages that bring their own runtime. When each JVM ends, it writes the classes that it
 * has loaded to {@code function.aot} in its package's folder. Run by the profile own-runtime.
 */
final class OwnRuntimeTraining {

    private static final String CACHE = "function.aot";
    private static final Duration WRITING = Duration.ofMinutes(3);
    private static final int TRIES = 20;

    private OwnRuntimeTraining() {}

    public static void main(String[] args) throws Exception {
        Path send = OwnRuntimeStack.built("send-function");
        Path callback = OwnRuntimeStack.built("callback-function");
        Path poll = OwnRuntimeStack.built("poll-function");
        var recording = Map.of(
                "JAVA_TOOL_OPTIONS",
                "-XX:AOTCacheOutput=" + CACHE,
                // Lambda's keys are those of a role, which have a token too.
                "AWS_SESSION_TOKEN",
                "local");
        try (var stack = new OwnRuntimeStack(send, callback, poll, recording)) {
            // So that Twilio's first callback, which it waits 5 s for, finds it started.
            answered(404, () -> stack.callback("callback-delivered-base64"));
            answered(201, () -> stack.send("send-http-v2"));
            answered(200, () -> stack.send("send-http-v2"));
            answered(400, () -> stack.send("send-missing-number"));
            answered(422, () -> stack.sendRefused("order-4712"));
            stack.awaitDelivered();
            answered(403, stack::forge);
            stack.poll("poll");
            stack.send().end(WRITING);
            stack.callback().end(WRITING);
            stack.poll().end(WRITING);
        }
        for (Path folder : new Path[] {send, callback, poll}) {
            if (!Files.exists(folder.resolve(CACHE))) {
                throw new IllegalStateException("the JVM has left no " + CACHE + " in " + folder);
            }
        }
        System.exit(0);
    }

    /** Repeats the call after a 503: on a busy machine a function may exceed its own time limits. Repeating is safe. */
    private static void answered(int status, Callable<String> call) throws Exception {
        String answer = call.call();
        for (int i = 1; i < TRIES && answer.contains("\"statusCode\":503"); i++) {
            answer = call.call();
        }
        if (!answer.contains("\"statusCode\":" + status)) {
            throw new IllegalStateException("expected " + status + " in training, but: " + answer);
        }
    }
}
