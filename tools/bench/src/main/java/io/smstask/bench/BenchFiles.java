package io.smstask.bench;

import io.smstask.local.template.Template;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where things are; {@code tools/bench/run} has made them.
 *
 * @param root the project's folder
 * @param scratch a folder that is gone when the benchmark ends, with the certificates
 * @param node the interpreter, where there is one
 */
record BenchFiles(Path root, Path scratch, Optional<Path> node) {

    /** What this checkout deploys. */
    Template template() {
        return Template.read(root.resolve("template.yaml"));
    }

    /** The server's certificate, its chain and its key. */
    Path serverStore() {
        return scratch.resolve("server.p12");
    }

    /** The root certificate. */
    Path rootCertificate() {
        return scratch.resolve("root.pem");
    }

    /** The JDK's certificates with our root among them. */
    Path trustStore() {
        return scratch.resolve("cacerts");
    }
}
