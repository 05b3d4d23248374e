package io.smstask.local.console;

import io.javalin.http.Context;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Accepts only this machine's own names and the console's own pages. A page of another site could make the browser send
 * requests here, or resolve its own name to 127.0.0.1; both are refused.
 *
 * @see <a href="https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site">Sec-Fetch-Site</a>
 */
final class RequestGuard {

    private static final Pattern OWN_HOST = Pattern.compile("(127\\.0\\.0\\.1|localhost)(:[0-9]{1,5})?");
    private static final Set<String> OWN_SITE = Set.of("", "none", "same-origin");

    /** Our own scripts, styles and connections only; no text ever becomes HTML. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
            + "require-trusted-types-for 'script'; trusted-types 'none'";

    private RequestGuard() {}

    /** Adds to every answer what a browser may do with it. */
    static void addHeaders(Context http) {
        http.header("Content-Security-Policy", POLICY);
        http.header("X-Content-Type-Options", "nosniff");
        http.header("Referrer-Policy", "no-referrer");
        http.header("Cross-Origin-Resource-Policy", "same-origin");
        http.header("Cross-Origin-Opener-Policy", "same-origin");
        http.header("Cache-Control", "no-store");
    }

    static void check(Context http) throws ConsoleRefusal {
        String host = header(http, "Host");
        if (!OWN_HOST.matcher(host).matches()) {
            throw new ConsoleRefusal(403, "wrong_host", "the host must be 127.0.0.1 or localhost");
        }
        String origin = header(http, "Origin");
        if (!origin.isEmpty() && !origin.equals("http://" + host)) {
            throw new ConsoleRefusal(403, "wrong_origin", "requests from other web pages are refused");
        }
        if (!OWN_SITE.contains(header(http, "Sec-Fetch-Site")) && !isLink(http)) {
            throw new ConsoleRefusal(403, "wrong_origin", "requests from other web pages are refused");
        }
        if (http.method().name().equals("POST") && !isJson(http)) {
            throw new ConsoleRefusal(415, "not_json", "the content type must be application/json");
        }
    }

    /** Someone followed a link to the page. */
    private static boolean isLink(Context http) {
        return http.method().name().equals("GET")
                && http.path().equals("/")
                && header(http, "Sec-Fetch-Mode").equals("navigate")
                && header(http, "Sec-Fetch-Dest").equals("document");
    }

    /** A form of another site cannot have this type; a script needs a preflight, which is not answered. */
    private static boolean isJson(Context http) {
        String type = header(http, "Content-Type");
        int parameters = type.indexOf(';');
        String bare = parameters < 0 ? type : type.substring(0, parameters);
        return bare.strip().toLowerCase(Locale.ROOT).equals("application/json");
    }

    private static String header(Context http, String name) {
        return Optional.ofNullable(http.header(name)).orElse("");
    }
}
