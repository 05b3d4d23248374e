package io.smstask.ownruntime;

import com.amazonaws.services.lambda.runtime.api.client.AWSLambda;

/**
 * The first class of a function that brings its runtime along. It stands in the package and not in the function, and hands
 * over to AWS's runtime interface client.
 */
public final class Start {

    private Start() {}

    /**
     * Runs the function until Lambda ends it. Logs one line if the JVM does not use the package's cache, because it is missing
     * or belongs to another JVM, other flags or another jar.
     *
     * @param args the handler's class
     * @throws Throwable what the runtime interface client cannot report to Lambda
     */
    public static void main(String[] args) throws Throwable {
        if (!isCacheUsed()) {
            System.out.println("{\"level\":\"WARN\",\"message\":\"started_without_aot_cache\"}");
        }
        AWSLambda.main(args);
    }

    /** The package's Java runtime has no other archive, so what is shared can only be the cache. */
    private static boolean isCacheUsed() {
        return System.getProperty("java.vm.info", "").contains("sharing");
    }
}
