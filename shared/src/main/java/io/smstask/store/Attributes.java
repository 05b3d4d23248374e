package io.smstask.store;

/** The names of the item's attributes. A time is a number, milliseconds since 1970, unless it says otherwise. */
final class Attributes {

    static final String TASK_ID = "task_id";
    static final String SID = "sid";
    static final String NODE = "node";
    static final String STATUS = "status";
    static final String ACCOUNT_SID = "account_sid";
    static final String NUMBER_TO = "number_to";
    static final String NUMBER_FROM = "number_from";
    static final String BODY = "body";
    /** Twilio's further parameters: a map of lists. */
    static final String FURTHER = "further";

    /** {@link io.smstask.task.Match#key}. */
    static final String MATCH_KEY = "match_key";

    /** {@link io.smstask.task.Fingerprint}. */
    static final String SALT = "salt";

    static final String FINGERPRINT = "fingerprint";
    static final String CONTEXT = "context";
    static final String CLAIM_ID = "claim_id";
    static final String ATTEMPT = "attempt";
    /** Milliseconds since 1970. */
    static final String CALL_DEADLINE = "call_deadline";

    static final String CALLBACK_BASE = "callback_base";
    static final String SEALED_TOKEN = "sealed_token";
    static final String KEY_HASH = "key_hash";
    /** Only after the text was removed. */
    static final String BODY_LENGTH = "body_length";

    /** Only on a task of which no more is left than shows how it ended. */
    static final String ERASED = "erased";

    static final String NUM_SEGMENTS = "num_segments";
    static final String CODE = "code";
    static final String MESSAGE = "message";
    static final String URL_MORE_INFO = "url_more_info";
    static final String RETRYABLE = "retryable";
    static final String HISTORY = "history";
    static final String AT = "at";
    static final String SOURCE = "source";
    static final String NOTE = "note";
    static final String CREATED_AT = "created_at";
    static final String UPDATED_AT = "updated_at";
    static final String DUE_AT = "due_at";
    /** The shard of the poll's index that a task is in; like {@link #POLL_AT} only on tasks that are not done. */
    static final String POLL_SHARD = "poll_shard";

    static final String POLL_AT = "poll_at";
    /** Seconds since 1970: DynamoDB's time to live. */
    static final String EXPIRES_AT = "expires_at";

    /** Only on a task whose wait we ended ourselves. */
    static final String GIVEN_UP = "given_up";
    /** A list of the tokens of executions that wait for the task. The state machine appends to it. */
    static final String TASK_TOKENS = "task_tokens";
    /** Whether an event is to announce the task's end, or has done so; only if the stack has an event bus. */
    static final String EVENT = "event";

    /** How often the item has been written; each write, the state machine's too, raises it by one. */
    static final String REVISION = "revision";

    private Attributes() {}
}
