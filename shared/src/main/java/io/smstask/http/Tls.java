package io.smstask.http;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.crt.io.TlsContext;
import software.amazon.awssdk.crt.io.TlsContextOptions;

/**
 * The TLS context of a process, made when a host needs it first. It is shared by all hosts: each context parses the system's
 * certificates anew, which takes some 25 ms.
 */
public final class Tls implements AutoCloseable {

    private final String authority;
    private @Nullable TlsContext context;

    /** Trusts whom the system trusts. */
    public Tls() {
        this("");
    }

    /** Trusts this authority only, a certificate in PEM. */
    public Tls(String authority) {
        this.authority = authority;
    }

    synchronized TlsContext context() {
        TlsContext made = context;
        if (made == null) {
            try (TlsContextOptions options = TlsContextOptions.createDefaultClient()) {
                made = new TlsContext(authority.isEmpty() ? options : options.withCertificateAuthority(authority));
            }
            context = made;
        }
        return made;
    }

    @Override
    public synchronized void close() {
        if (context != null) {
            context.close();
        }
    }
}
