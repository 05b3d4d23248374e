package io.smstask.send.entry;

import com.amazonaws.services.lambda.runtime.LambdaRuntime;
import io.smstask.entry.Entry;
import io.smstask.entry.EntryLog;
import io.smstask.send.SendHandler;

/** What Lambda starts as send-function. Settings come from the environment. */
public final class SendEntry extends Entry {

    /** For Lambda. */
    public SendEntry() {
        super(new SendHandler(System.getenv(), new EntryLog(LambdaRuntime.getLogger())));
    }
}
