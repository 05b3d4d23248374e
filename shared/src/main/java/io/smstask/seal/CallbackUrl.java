package io.smstask.seal;

import io.smstask.task.TaskId;

/**
 * The URL that Twilio calls back: {@code {base}/nvp/callback/{callback_key}/{task_id}}. The task id stands in the path, so a
 * callback finds its task by primary key, and nothing in it is ever percent-encoded.
 */
public final class CallbackUrl {

    /** What stands between the base and the key; nvp is the original's word for form-encoded name-value pairs. */
    public static final String PATH = "/nvp/callback/";

    /**
     * Asks Twilio to repeat a callback that failed, 4xx included since API Gateway's throttling is one: connect within 2 s,
     * answer within 5 s, at most 5 repeats within 15 s. A fragment is never sent, and not signed.
     *
     * @see <a href="https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides">Twilio: connection overrides</a>
     */
    public static final String OVERRIDES = "#ct=2000&rt=5000&tt=15000&rc=5&rp=all";

    private CallbackUrl() {}

    /**
     * The URL as Twilio calls and signs it. It holds the key: it is for Twilio and the signature only.
     *
     * @param base the callback API's public base URL, without a slash at the end
     */
    public static String of(String base, CallbackKey key, TaskId task) {
        return base + PATH + key.reveal() + "/" + task.value();
    }
}
