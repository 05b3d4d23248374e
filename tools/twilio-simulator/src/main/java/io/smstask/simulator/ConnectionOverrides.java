package io.smstask.simulator;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Timeouts and retries of a callback, as set in the fragment of its URL: {@code #ct=2000&rt=5000&rc=5&rp=all}.
 *
 * <p>A value out of range, or a retry policy with an unknown word, leaves the default in place. The keys {@code sni}
 * and {@code e} have no meaning on one machine.
 *
 * @param connectTimeout {@code ct}, 100 to 10000 ms, default 5000
 * @param readTimeout {@code rt}, 100 to 15000 ms, default 15000
 * @param totalTime {@code tt}, 100 to 15000 ms including all retries, default 15000
 * @param retries {@code rc}, 0 to 5 attempts after the first one, default 1
 * @param retryOn {@code rp}, default only failed connections
 * @see <a href="https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides">Connection overrides</a>
 */
record ConnectionOverrides(
        Duration connectTimeout, Duration readTimeout, Duration totalTime, int retries, Set<Failure> retryOn) {

    /** Why an attempt failed, in the words of the retry policy. */
    enum Failure {
        CLIENT_ERROR("4xx"),
        SERVER_ERROR("5xx"),
        CONNECT("ct"),
        READ("rt");

        private final String word;

        Failure(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }

        /** {@return the failure that an HTTP status means; empty if it is none} */
        static Optional<Failure> ofStatus(int status) {
            return switch (status / 100) {
                case 4 -> Optional.of(CLIENT_ERROR);
                case 5 -> Optional.of(SERVER_ERROR);
                default -> Optional.empty();
            };
        }
    }

    /** Reads the fragment of a callback URL; without one, the defaults apply. */
    static ConnectionOverrides of(String url) {
        var given = new HashMap<String, String>();
        int hash = url.indexOf('#');
        for (String pair : hash < 0 ? new String[0] : url.substring(hash + 1).split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                given.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        return new ConnectionOverrides(
                Duration.ofMillis(number(given, "ct", 100, 10_000, 5_000)),
                Duration.ofMillis(number(given, "rt", 100, 15_000, 15_000)),
                Duration.ofMillis(number(given, "tt", 100, 15_000, 15_000)),
                number(given, "rc", 0, 5, 1),
                policy(given.getOrDefault("rp", Failure.CONNECT.word)));
    }

    private static int number(Map<String, String> given, String key, int least, int most, int preset) {
        String text = given.getOrDefault(key, "");
        if (!text.matches("[0-9]{1,5}")) {
            return preset;
        }
        int number = Integer.parseInt(text);
        return number < least || number > most ? preset : number;
    }

    private static Set<Failure> policy(String words) {
        var policy = EnumSet.noneOf(Failure.class);
        for (String word : words.split(",")) {
            if (word.equals("all")) {
                return EnumSet.allOf(Failure.class);
            }
            var failure = Arrays.stream(Failure.values())
                    .filter(known -> known.word.equals(word))
                    .findFirst();
            if (failure.isEmpty()) {
                return EnumSet.of(Failure.CONNECT);
            }
            policy.add(failure.get());
        }
        return policy;
    }
}
