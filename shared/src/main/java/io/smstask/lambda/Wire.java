package io.smstask.lambda;

/** The names in JSON, in and out. Twilio's own parameters keep Twilio's names. */
public final class Wire {

    public static final String TASK_ID = "task_id";
    /** Set by the state machine only: the id of a task whose execution names none. */
    public static final String EXECUTION_TASK_ID = "execution_task_id";

    public static final String SID = "sid";
    public static final String NODE = "node";
    public static final String STATUS = "status";
    public static final String ACCOUNT_SID = "AccountSid";
    public static final String AUTH_TOKEN = "AuthToken";
    public static final String SIGNING_AUTH_TOKEN = "SigningAuthToken";
    public static final String NUMBER_TO = "number_to";
    public static final String NUMBER_FROM = "number_from";
    public static final String BODY = "body";
    /** How many characters the text had, if it has been removed. */
    public static final String BODY_LENGTH = "body_length";

    /** Only on an erased task: true. */
    public static final String ERASED = "erased";

    public static final String CODE = "code";
    public static final String MESSAGE = "message";
    public static final String URL_MORE_INFO = "url_more_info";
    public static final String RETRYABLE = "retryable";
    public static final String REASON = "reason";
    public static final String NUM_SEGMENTS = "num_segments";
    public static final String CREATED_AT = "created_at";
    public static final String UPDATED_AT = "updated_at";
    public static final String HISTORY = "history";
    public static final String AT = "at";
    public static final String SOURCE = "source";
    public static final String NOTE = "note";
    public static final String CONTEXT = "context";
    public static final String PROBLEMS = "problems";
    public static final String FIELD = "field";
    public static final String READ = "read";
    public static final String ERASE = "erase";
    public static final String CANCEL = "cancel";
    public static final String DONE = "done";
    public static final String TASK = "task";
    /** Direct answers only: seconds until the task has surely ended; 0 once it has, or that time is over. */
    public static final String WAIT_SECONDS = "wait_seconds";
    /** Direct answers to a call that may be repeated: seconds until a repeat is worth a try. */
    public static final String RETRY_AFTER_SECONDS = "retry_after_seconds";
    /** Direct answers only: seconds until a caller that waits by reading should read again. */
    public static final String READ_AGAIN_SECONDS = "read_again_seconds";

    /** Attribute of a queue's message: how often its task was run again. */
    public static final String RETRIES = "retries";
    /** Attribute of a queue's message: the seconds left to wait. */
    public static final String DELAY_SECONDS = "delay_seconds";

    public static final String MESSAGING_SERVICE_SID = "MessagingServiceSid";

    private Wire() {}
}
