package io.smstask.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * What a good run of a variant looked like: its event, its calls and their answers.
 *
 * @param task the task that it was about
 * @param event the event of the n-th invocation
 * @param taskOf the task of the n-th invocation
 * @param replies the answers by {@link DownstreamCall#key()}, in order
 * @param calls the calls that were about the task, in order
 * @param isRepeated whether a call was made again
 */
record Recording(
        String task,
        IntFunction<String> event,
        IntFunction<String> taskOf,
        Map<String, List<DownstreamReply>> replies,
        List<String> calls,
        boolean isRepeated) {

    /** Of what calls nobody. */
    static final Recording SILENT = new Recording("", n -> "{}", n -> "", Map.of(), List.of(), false);

    Recording {
        replies = Map.copyOf(replies);
        calls = List.copyOf(calls);
    }

    /** A call and its answer. */
    record Exchange(DownstreamCall call, DownstreamReply reply) {}

    static Recording of(String task, IntFunction<String> event, IntFunction<String> taskOf, List<Exchange> exchanges) {
        Map<String, List<DownstreamReply>> replies = new LinkedHashMap<>();
        for (Exchange exchange : exchanges) {
            replies.computeIfAbsent(exchange.call().key(), key -> new ArrayList<>())
                    .add(exchange.reply());
        }
        List<String> calls = exchanges.stream()
                .map(Exchange::call)
                .filter(DownstreamCall::isAboutTask)
                .map(DownstreamCall::key)
                .toList();
        boolean isRepeated = exchanges.stream().map(Exchange::call).anyMatch(DownstreamCall::isRepeated);
        return new Recording(task, event, taskOf, replies, calls, isRepeated);
    }

    /** Plays the answers for the n-th invocation, and for what comes before it. */
    Player play(int n) {
        return new Player(this, taskOf.apply(n));
    }

    /** The answers of one invocation; of each kind the last one is repeated. */
    static final class Player {

        private final Recording recording;
        private final String task;
        private final Map<String, Integer> next = new HashMap<>();

        private Player(Recording recording, String task) {
            this.recording = recording;
            this.task = task;
        }

        /**
         * The answer to a call.
         *
         * @throws RunFailed if there was no such call in the recorded run
         */
        synchronized DownstreamReply reply(DownstreamCall call) {
            List<DownstreamReply> recorded = recording.replies.get(call.key());
            if (recorded == null) {
                throw new RunFailed("a call that was never recorded: " + call.key());
            }
            int index = next.merge(call.key(), 1, Integer::sum) - 1;
            return recorded.get(Math.min(index, recorded.size() - 1)).about(task, recording.task);
        }
    }
}
