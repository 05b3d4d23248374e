package io.smstask.twilio;

import io.smstask.task.TaskId;

/**
 * The URL that Twilio calls back: {@code {base}/nvp/callback/{callback_key}/{task_id}}. The task id is in the path, so
 * a callback finds its task by primary key. Nothing in the path is ever percent-encoded.
 */
public final class CallbackUrl {

    /** The path between the base and the key; nvp is the original's word for form-encoded name-value pairs. */
    public static final String PATH = "/nvp/callback/";

    /**
     * Asks Twilio to retry a failed callback, on 4xx too since API Gateway throttles with 429: connect within 2 s,
     * answer within 5 s, at most 5 retries within 15 s. Twilio neither sends nor signs a fragment.
     *
     * @see
     *     <a href="https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides">Twilio: connection overrides</a>
     */
    public static final String OVERRIDES = "#ct=2000&rt=5000&tt=15000&rc=5&rp=all";

    private CallbackUrl() {}

    /**
     * The URL as Twilio calls and signs it. It holds the key: it is for Twilio and the signature only.
     *
     * @param base the callback API's public base URL, without a trailing slash
     */
    public static String of(String base, CallbackKey key, TaskId task) {
        return base + PATH + key.reveal() + "/" + task.value();
    }
}
