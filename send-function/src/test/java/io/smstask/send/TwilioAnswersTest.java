package io.smstask.send;

import static org.assertj.core.api.Assertions.assertThat;

import com.twilio.http.Response;
import io.smstask.send.TwilioAnswer.Accepted;
import io.smstask.send.TwilioAnswer.Incomplete;
import io.smstask.send.TwilioAnswer.NotSent;
import io.smstask.send.TwilioAnswer.Refused;
import io.smstask.send.TwilioAnswer.Unknown;
import io.smstask.task.MessageSid;
import io.smstask.task.Retryable;
import io.smstask.task.TwilioTexts;
import io.smstask.testing.HandClock;
import java.time.Duration;
import java.util.Optional;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.message.BasicHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each answer means, by status and body. */
final class TwilioAnswersTest {

    private static final String SID = SampleSms.SID;

    /** The columns: HTTP status, body, the kind of answer (a retryable one is a refusal), and what it holds. */
    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    201 | {"sid":"SM00000000000000000000000000000001","status":"queued"}                        | Accepted   | queued
                    201 | {"sid":"MM00000000000000000000000000000abc","status":"accepted"}                      | Accepted   | accepted
                    200 | {"sid":"SM00000000000000000000000000000001","status":"brand_new"}                     | Accepted   | brand_new
                    201 | {"sid":"SM00000000000000000000000000000001","status":"failed","error_code":30001}     | Accepted   | failed 30001
                    201 | {"sid":"SM00000000000000000000000000000001","status":"queued","num_segments":"12"}    | Accepted   | queued of 12
                    201 | {"sid":"SM00000000000000000000000000000001","status":"queued","num_segments":3}       | Accepted   | queued of 3
                    201 | {"sid":"SM00000000000000000000000000000001","status":"queued","num_segments":"many"}  | Accepted   | queued
                    201 | {"sid":"SM00000000000000000000000000000001","status":"queued","num_segments":-1}      | Accepted   | queued
                    201 | {"sid":"SM00000000000000000000000000000001","status":"failed","error_code":"30001 "}  | Accepted   | failed 30001
                    201 | {"sid":"SM00000000000000000000000000000001","status":"queued","error_code":0}         | Accepted   | queued
                    201 | {"sid":"SM00000000000000000000000000000001"}                                          | Incomplete | SM00000000000000000000000000000001
                    201 | {"sid":"SM00000000000000000000000000000001","status":null}                            | Incomplete | SM00000000000000000000000000000001
                    201 | {"sid":"SM00000000000000000000000000000001","status":""}                              | Incomplete | SM00000000000000000000000000000001
                    201 | {"sid":"SM00000000000000000000000000000001","status":7}                               | Incomplete | SM00000000000000000000000000000001
                    201 | {"sid":"SM00000000000000000000000000000001","status":"Queued"}                        | Incomplete | SM00000000000000000000000000000001
                    201 | {"status":"queued"}                                                                   | Incomplete | none
                    201 | {"sid":"SM1","status":"queued"}                                                       | Incomplete | none
                    201 | {"sid":["SM00000000000000000000000000000001"],"status":"queued"}                      | Incomplete | none
                    201 | {}                                                                                    | Incomplete | none
                    201 | []                                                                                    | Unknown    | bad_answer
                    201 | null                                                                                  | Unknown    | bad_answer
                    201 | "queued"                                                                              | Unknown    | bad_answer
                    201 | {"sid":"SM00000000000000000000000000000001","status":"queu                            | Unknown    | bad_answer
                    200 | <html></html>                                                                         | Unknown    | bad_answer
                    204 | ``                                                                                    | Unknown    | bad_answer
                    300 | {"sid":"SM00000000000000000000000000000001","status":"queued"}                        | Unknown    | bad_answer
                    301 | {"code":1,"message":"m"}                                                              | Unknown    | bad_answer
                    400 | {"code":21211,"message":"m","status":400}                                             | Refused    | 400 21211
                    401 | {"code":"20003","message":"m"}                                                        | Refused    | 401 20003
                    404 | {"code":20404,"message":"m"}                                                          | Refused    | 404 20404
                    400 | {"code":"21211 ","message":"m"}                                                       | Refused    | 400 21211
                    499 | {"code":20001,"message":"m"}                                                          | Refused    | 499 20001
                    400 | {"code":21211}                                                                        | Refused    | 400 refused
                    400 | {"message":"m"}                                                                       | Refused    | 400 refused
                    400 | {"code":null,"message":"m"}                                                           | Refused    | 400 refused
                    400 | {"code":"timeout","message":"m"}                                                      | Refused    | 400 refused
                    400 | {"code":0,"message":"m"}                                                              | Refused    | 400 refused
                    401 | ``                                                                                    | Refused    | 401 refused
                    403 | {"message":"Forbidden"}                                                               | Refused    | 403 refused
                    403 | <html></html>                                                                         | Refused    | 403 refused
                    404 | ``                                                                                    | Refused    | 404 refused
                    405 | ``                                                                                    | Refused    | 405 refused
                    410 | ``                                                                                    | Refused    | 410 refused
                    411 | ``                                                                                    | Refused    | 411 refused
                    413 | <html></html>                                                                         | Refused    | 413 refused
                    414 | ``                                                                                    | Refused    | 414 refused
                    415 | ``                                                                                    | Refused    | 415 refused
                    422 | []                                                                                    | Refused    | 422 refused
                    431 | ``                                                                                    | Refused    | 431 refused
                    451 | Unavailable for legal reasons                                                         | Refused    | 451 refused
                    400 | {"code":21611,"message":"m"}                                                          | Retryable  | 400 21611
                    400 | {"code":21730,"message":"m"}                                                          | Retryable  | 400 21730
                    503 | {"code":21730,"message":"m"}                                                          | Unknown    | server_error
                    402 | <html></html>                                                                         | Unknown    | bad_answer
                    407 | ``                                                                                    | Unknown    | bad_answer
                    407 | {"code":21211}                                                                        | Unknown    | bad_answer
                    408 | Request timeout                                                                       | Unknown    | bad_answer
                    409 | {"message":"m"}                                                                       | Unknown    | bad_answer
                    425 | ``                                                                                    | Unknown    | bad_answer
                    499 | ``                                                                                    | Unknown    | bad_answer
                    429 | {"code":20429,"message":"m"}                                                          | NotSent    | 20429
                    429 | {"code":"20429 ","message":"m"}                                                       | NotSent    | 20429
                    429 | {"code":null,"message":"m"}                                                           | NotSent    | 20429
                    429 | {"code":63038,"message":"m"}                                                          | Retryable  | 429 63038
                    429 | {"code":63038}                                                                        | Retryable  | 429 63038
                    429 | {"code":21611,"message":"m"}                                                          | Retryable  | 429 21611
                    429 | {"message":"m"}                                                                       | NotSent    | 20429
                    429 | <html></html>                                                                         | NotSent    | 20429
                    429 | ``                                                                                    | NotSent    | 20429
                    500 | {"code":20500,"message":"m"}                                                          | Unknown    | server_error
                    502 | <html></html>                                                                         | Unknown    | server_error
                    503 | ``                                                                                    | Unknown    | server_error
                    599 | []                                                                                    | Unknown    | server_error
                    """)
    void an_answer_means(int status, String body, String kind, String content) {
        TwilioAnswer answer = read(status, body);

        assertThat(answer.getClass().getSimpleName()).isEqualTo(kind.replace("Retryable", "Refused"));
        assertThat(content(answer)).isEqualTo(content);
        assertThat(retryable(answer)).isEqualTo(expectedRetryable(kind));
    }

    private static String content(TwilioAnswer answer) {
        if (answer instanceof Accepted accepted) {
            return accepted.message().status()
                    + accepted.message().errorCode().map(code -> " " + code).orElse("")
                    + accepted.message()
                            .numSegments()
                            .map(count -> " of " + count)
                            .orElse("");
        }
        if (answer instanceof Incomplete incomplete) {
            return incomplete.sid().map(MessageSid::value).orElse("none");
        }
        if (answer instanceof Refused refused) {
            return refused.httpStatus() + " " + refused.error().code();
        }
        if (answer instanceof NotSent notSent) {
            return notSent.error().code();
        }
        return ((Unknown) answer).error().code();
    }

    private static Optional<Retryable> retryable(TwilioAnswer answer) {
        if (answer instanceof Refused refused) {
            return Optional.of(refused.error().retryable());
        }
        if (answer instanceof NotSent notSent) {
            return Optional.of(notSent.error().retryable());
        }
        return answer instanceof Unknown unknown ? Optional.of(unknown.error().retryable()) : Optional.empty();
    }

    private static Optional<Retryable> expectedRetryable(String kind) {
        return switch (kind) {
            case "Refused" -> Optional.of(Retryable.NO);
            case "NotSent", "Retryable" -> Optional.of(Retryable.YES);
            case "Unknown" -> Optional.of(Retryable.UNKNOWN);
            default -> Optional.empty();
        };
    }

    @Test
    void the_sid_is_the_one_that_twilio_gave() {
        assertThat(read(201, SampleSms.ACCEPTED)).isEqualTo(SampleSms.accepted(new MessageSid(SID), "queued"));
    }

    @Test
    void a_message_that_failed_at_once_keeps_twilios_words() {
        String body =
                "{\"sid\":\"" + SID + "\",\"status\":\"failed\",\"error_code\":30001,\"error_message\":\"Overflow\"}";

        assertThat(read(201, body))
                .isInstanceOfSatisfying(
                        Accepted.class,
                        accepted -> assertThat(accepted.message().errorText()).contains("Overflow"));
    }

    @Test
    void an_error_is_told_in_twilios_words() {
        assertThat(read(400, SampleSms.error(21211, 400))).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.error().message()).isEqualTo("Twilio says 21211.");
            assertThat(refused.error().urlMoreInfo()).contains("https://www.twilio.com/docs/errors/21211");
        });
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    451 | text/plain       | Unavailable for legal reasons.     | status 451: Unavailable for legal reasons.
                    451 | text/plain       | ` \n`                              | status 451.
                    403 | text/html        | <html>Forbidden</html>             | status 403.
                    403 | text/plain       | <!doctype html><title>No</title>   | status 403.
                    403 | Text/HTML        | Forbidden                          | status 403.
                    400 | application/json | {"code":null,"message":"No body"}  | status 400: No body
                    400 | application/json | {"error":"No body"}                | status 400.
                    400 | application/json | {"message":{"text":"No body"}}     | status 400.
                    400 | application/json | {"code":21211,"message":""}        | status 400: error 21211.
                    400 | application/json | {"code":21211,"message":"No       | status 400.
                    400 | application/json | ["No body"]                        | status 400.
                    400 | application/json | "No body"                          | status 400.
                    """)
    void a_refusal_that_is_not_twilios_json_keeps_its_status_and_the_words_that_were_there(
            int status, String contentType, String body, String message) {
        Response response = new Response(body, status, new Header[] {new BasicHeader("content-type", contentType)});

        assertThat(TwilioAnswers.read(response, HandClock.START)).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.error().message()).isEqualTo("The request was refused with HTTP " + message);
            assertThat(refused.error().urlMoreInfo()).isEmpty();
        });
    }

    @Test
    void a_refusal_that_names_a_time_to_wait_keeps_it() {
        Header[] headers = {new BasicHeader("Retry-After", "7200")};

        for (int status : new int[] {400, 429}) {
            Response response = new Response(SampleSms.error(63038, status), status, headers);
            assertThat(TwilioAnswers.read(response, HandClock.START))
                    .isInstanceOfSatisfying(
                            Refused.class,
                            refused -> assertThat(refused.retryAfter()).contains(Duration.ofHours(2)));
        }
    }

    @Test
    void a_server_error_in_plain_text_keeps_its_words() {
        assertThat(read(502, "Bad gateway"))
                .isInstanceOfSatisfying(
                        Unknown.class,
                        unknown -> assertThat(unknown.error().message())
                                .isEqualTo("Twilio answered with HTTP status 502: Bad gateway"));
    }

    @Test
    void a_server_error_keeps_twilios_words_and_page() {
        assertThat(read(500, SampleSms.error(20500, 500))).isInstanceOfSatisfying(Unknown.class, unknown -> {
            assertThat(unknown.error().message()).isEqualTo("Twilio says 20500.");
            assertThat(unknown.error().urlMoreInfo()).contains("https://www.twilio.com/docs/errors/20500");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"javascript:alert(1)", "/docs/errors/21211", "", "ftp://example.com/"})
    void a_page_that_is_not_on_the_web_is_left_out(String page) {
        String body = "{\"code\":21211,\"message\":\"m\",\"more_info\":\"" + page + "\"}";

        assertThat(read(400, body))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.error().urlMoreInfo()).isEmpty());
    }

    /** It is noon on 24 November 2026. */
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "120, 120",
        "' 7 ', 7",
        "'Tue, 24 Nov 2026 12:00:30 GMT', 30",
        "'Tue, 24 Nov 2026 11:00:00 GMT', 0",
        "999999999, 999999999"
    })
    void retry_after_is_seconds_or_a_date(String value, long seconds) {
        assertThat(retryAfter(new BasicHeader("Retry-After", value))).contains(Duration.ofSeconds(seconds));
        assertThat(retryAfter(new BasicHeader("retry-after", value))).contains(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-1", "1.5", "99999999999999999999", "24 Nov 2026"})
    void retry_after_that_says_nothing_is_left_out(String value) {
        assertThat(retryAfter(new BasicHeader("Retry-After", value))).isEmpty();
    }

    @Test
    void json_nested_too_deep_is_no_answer() {
        assertThat(read(201, "[".repeat(100_000))).isInstanceOf(Unknown.class);
        assertThat(read(201, "{\"a\":".repeat(50_000))).isInstanceOf(Unknown.class);
    }

    @Test
    void a_status_of_endless_length_is_no_word_of_twilios() {
        String body = "{\"sid\":\"" + SID + "\",\"status\":\"" + "x".repeat(33) + "\"}";

        assertThat(read(201, body)).isEqualTo(new Incomplete(Optional.of(new MessageSid(SID))));
    }

    @Test
    void a_page_that_is_longer_than_a_text_may_be_is_left_out_whole() {
        String site = "https://www.twilio.com/";
        String longest = site + "x".repeat(TwilioTexts.MAX_LENGTH - site.length());

        assertThat(pageOf(longest)).contains(longest);
        assertThat(pageOf(longest + "x")).isEmpty();
    }

    private static Optional<String> pageOf(String moreInfo) {
        String body = "{\"code\":1,\"message\":\"m\",\"more_info\":\"" + moreInfo + "\"}";
        return ((Refused) read(400, body)).error().urlMoreInfo();
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 400, 429, 500})
    void a_number_of_endless_size_is_no_answer_and_no_exception(int status) {
        TwilioAnswer answer = read(status, "{\"code\":1,\"message\":\"m\",\"price\":1e99999999999}");

        assertThat(answer).isInstanceOf(status == 429 ? NotSent.class : status == 400 ? Refused.class : Unknown.class);
    }

    private static Optional<Duration> retryAfter(Header... headers) {
        TwilioAnswer answer = TwilioAnswers.read(new Response("", 429, headers), HandClock.START);
        return ((NotSent) answer).retryAfter();
    }

    private static TwilioAnswer read(int status, String body) {
        return TwilioAnswers.read(new Response(body, status, new Header[0]), HandClock.START);
    }
}
