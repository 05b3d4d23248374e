package io.smstask.simulator;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/**
 * Errors that the simulator answers: Twilio's codes and HTTP statuses, with texts of our own.
 *
 * @see <a href="https://www.twilio.com/docs/api/errors">Twilio's error and warning dictionary</a>
 */
public enum ApiError {
    /** The form cannot be read, or repeats a parameter. */
    BAD_REQUEST(400, 400, "The request could not be read"),
    /** The body is not a form. */
    CONTENT_TYPE(19056, 415, "Send the parameters as application/x-www-form-urlencoded"),
    /** A query parameter has a form that Twilio does not know. */
    INVALID_PARAMETER(20001, 400, "A parameter is not valid"),
    /** Unknown account or API key, or a wrong secret. */
    AUTHENTICATION(20003, 401, "Authentication failed"),
    /** A message that is under way cannot be deleted or redacted. */
    NOT_COMPLETE(20009, 409, "The message has not been sent yet"),
    /** No such message, path or account, or another account's path. */
    NOT_FOUND(20404, 404, "The requested resource was not found"),
    /** Too many requests at once: this one was not processed. */
    TOO_MANY_REQUESTS(20429, 429, "Too many concurrent requests"),
    /** Internal error; whether the message was sent is unknown. */
    INTERNAL(20500, 500, "An internal error has occurred"),
    /** Twilio is temporarily down; whether the message was sent is unknown. */
    UNAVAILABLE(20503, 503, "The service is unavailable"),
    /** {@code To} is not a phone number or channel address, or equals {@code From}. */
    INVALID_TO(21211, 400, "The 'To' number is not valid"),
    /** {@code From} is not a number, short code, sender name or channel address. */
    INVALID_FROM(21212, 400, "The 'From' sender is not valid"),
    /** The account may not send to the region of {@code To}. */
    REGION_NOT_ENABLED(21408, 400, "Sending to the region of the 'To' number is not enabled"),
    /** Nothing to send, from a number. */
    BODY_REQUIRED(21602, 400, "A body or media is required"),
    /** Neither sender nor messaging service. */
    FROM_REQUIRED(21603, 400, "A 'From' sender or a messaging service is required"),
    /** No recipient. */
    TO_REQUIRED(21604, 400, "A 'To' number is required"),
    /** {@code From} cannot send messages. */
    FROM_NOT_CAPABLE(21606, 400, "The 'From' number cannot send messages to this destination"),
    /** {@code StatusCallback} is too long or not an http(s) URL. The message quotes all of it, as Twilio's does. */
    INVALID_STATUS_CALLBACK(21609, 400, "The 'StatusCallback' URL is not valid"),
    /** The recipient replied STOP. */
    UNSUBSCRIBED(21610, 400, "The recipient has unsubscribed from this sender"),
    /** The sender's queue is full. */
    QUEUE_FULL(21611, 400, "The 'From' number has too many messages in its queue"),
    /** No route from this sender to this recipient. */
    NOT_REACHABLE(21612, 400, "The 'To' number cannot be reached from this 'From'"),
    /** The recipient is not a mobile number. */
    NOT_MOBILE(21614, 400, "The 'To' number is not a mobile number"),
    /** The body is over 1600 characters. */
    BODY_TOO_LONG(21617, 400, "The body is longer than 1600 characters"),
    /** Nothing to send, through a messaging service. */
    CONTENT_REQUIRED(21619, 400, "A body, media or content template is required"),
    /** A {@code MediaUrl} is not an http(s) URL. */
    INVALID_MEDIA_URL(21620, 400, "A media URL is not valid"),
    /** More than ten {@code MediaUrl}. */
    TOO_MANY_MEDIA(21623, 400, "More than ten media URLs were given"),
    /** {@code ValidityPeriod} is not between 1 and 36000 seconds. */
    INVALID_VALIDITY_PERIOD(21624, 400, "The validity period must be 1 to 36000 seconds"),
    /** {@code ContentSid} is malformed. */
    INVALID_CONTENT_SID(21655, 400, "The content template's id is not valid"),
    /** {@code ContentVariables} is not a JSON object. */
    INVALID_CONTENT_VARIABLES(21656, 400, "The content variables are not valid"),
    /** {@code MessagingServiceSid} is malformed. */
    INVALID_MESSAGING_SERVICE(21705, 400, "The messaging service's id is not valid"),
    /** Maintenance at Twilio: nothing was processed. Only answered on request. */
    MAINTENANCE(21730, 400, "The system is under maintenance"),
    /** {@code From} and {@code To} belong to different channels. */
    CHANNELS_DIFFER(21910, 400, "'From' and 'To' must be of the same channel"),
    /** The message is on its way, or has ended: it can no longer be cancelled. */
    TOO_LATE_TO_CANCEL(30409, 400, "The message can no longer be cancelled"),
    /** {@code ScheduleType} without {@code SendAt}. */
    SEND_AT_REQUIRED(35111, 400, "A scheduled message needs 'SendAt'"),
    /** {@code SendAt} is not an ISO 8601 time from 300 seconds to 35 days ahead. */
    INVALID_SEND_AT(35114, 400, "'SendAt' must be a time from 300 seconds to 35 days ahead"),
    /** {@code ScheduleType} without a messaging service. */
    SCHEDULE_NEEDS_SERVICE(35118, 400, "Scheduling needs a messaging service"),
    /** {@code ScheduleType} is not {@code fixed}. */
    INVALID_SCHEDULE_TYPE(35126, 400, "'ScheduleType' must be 'fixed'"),
    /** The account has reached its limit of 24 hours. Only answered on request. */
    DAILY_LIMIT(63038, 429, "The account has exceeded its daily limit of messages");

    /** The media type of errors, and of every other answer. */
    static final String MEDIA_TYPE = "application/json;charset=utf-8";

    private final int code;
    private final int httpStatus;
    private final String text;

    ApiError(int code, int httpStatus, String text) {
        this.code = code;
        this.httpStatus = httpStatus;
        this.text = text;
    }

    /** {@return Twilio's error code} */
    public int code() {
        return code;
    }

    /** {@return the HTTP status of the answer} */
    public int httpStatus() {
        return httpStatus;
    }

    /** {@return the error text, without the value that was refused} */
    public String text() {
        return text;
    }

    /** {@return Twilio's page on this error} */
    public String moreInfo() {
        return "https://www.twilio.com/docs/errors/" + code;
    }

    /** Twilio's JSON of this error. */
    String json(String message) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("code", code);
        if (this == AUTHENTICATION) {
            json.put("detail", "The AccountSid, AuthToken or API key is not known");
        }
        json.put("message", message);
        json.put("more_info", moreInfo());
        json.put("status", httpStatus);
        return json.toString();
    }
}
