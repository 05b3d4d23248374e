package io.smstask.entry;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.smstask.lambda.Handler;
import io.smstask.lambda.Invocation;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Hands Lambda's events to a function's handler. The template names the functions' own: {@code SendEntry} and so on. */
public class Entry implements RequestStreamHandler {

    private final Handler handler;

    /** For this handler. */
    public Entry(Handler handler) {
        this.handler = handler;
    }

    @Override
    public final void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
        Invocation invocation = new Invocation(
                context.getAwsRequestId(), context.getRemainingTimeInMillis(), new EntryLog(context.getLogger()));
        out.write(handler.answer(in.readAllBytes(), invocation));
    }
}
