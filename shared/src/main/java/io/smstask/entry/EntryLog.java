package io.smstask.entry;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import java.util.function.Consumer;

/** Hands lines to Lambda's log. */
public final class EntryLog implements Consumer<String> {

    private final LambdaLogger logger;

    /** For this logger. */
    public EntryLog(LambdaLogger logger) {
        this.logger = logger;
    }

    @Override
    public void accept(String line) {
        logger.log(line);
    }
}
