package io.smstask.callback.entry;

import com.amazonaws.services.lambda.runtime.LambdaRuntime;
import io.smstask.callback.CallbackHandler;
import io.smstask.entry.Entry;
import io.smstask.entry.EntryLog;

/** What Lambda starts as callback-function. Settings come from the environment. */
public final class CallbackEntry extends Entry {

    /** For Lambda. */
    public CallbackEntry() {
        super(new CallbackHandler(System.getenv(), new EntryLog(LambdaRuntime.getLogger())));
    }
}
