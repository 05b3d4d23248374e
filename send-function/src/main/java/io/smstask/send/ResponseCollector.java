package io.smstask.send;

import com.twilio.http.Response;
import io.smstask.task.CallFailure;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.message.BasicHeader;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.crt.CRT;
import software.amazon.awssdk.crt.http.HttpHeader;
import software.amazon.awssdk.crt.http.HttpHeaderBlock;
import software.amazon.awssdk.crt.http.HttpStream;
import software.amazon.awssdk.crt.http.HttpStreamResponseHandler;

/** Collects the answer to one request: CRT's event loop fills it, the caller's thread waits for it. */
final class ResponseCollector implements HttpStreamResponseHandler {

    /** The most bytes of a body; Twilio's have about 1000. */
    static final int MAX_BODY_BYTES = 256 * 1024;

    private static final String MALFORMED = "AWS_ERROR_HTTP_PROTOCOL_ERROR";

    private final CountDownLatch ended = new CountDownLatch(1);
    private final List<Header> headers = new ArrayList<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private int status;
    private @Nullable OutcomeUnknown problem;

    /**
     * Waits for the whole answer.
     *
     * @throws OutcomeUnknown if it does not come in time, breaks off, is malformed or is too long
     */
    Response await(Duration patience) {
        try {
            if (!ended.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new OutcomeUnknown(CallFailure.TIMEOUT, "the answer did not come in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OutcomeUnknown(CallFailure.TIMEOUT, "the wait for the answer was interrupted");
        }
        if (problem != null) {
            throw problem;
        }
        return new Response(body.toString(StandardCharsets.UTF_8), status, headers.toArray(new Header[0]));
    }

    @Override
    public void onResponseHeaders(HttpStream stream, int responseStatus, int block, HttpHeader[] next) {
        // Skips interim answers such as 100, and trailers.
        if (block != HttpHeaderBlock.MAIN.getValue()) {
            return;
        }
        status = responseStatus;
        for (HttpHeader header : next) {
            headers.add(new BasicHeader(header.getName(), header.getValue()));
        }
    }

    @Override
    public int onResponseBody(HttpStream stream, byte[] part) {
        if (body.size() + part.length > MAX_BODY_BYTES) {
            end(new OutcomeUnknown(CallFailure.BAD_ANSWER, "the answer is longer than " + MAX_BODY_BYTES + " bytes"));
        } else {
            body.write(part, 0, part.length);
        }
        return part.length;
    }

    @Override
    public void onResponseComplete(HttpStream stream, int errorCode) {
        end(errorCode == CRT.AWS_CRT_SUCCESS ? null : broken(CRT.awsErrorName(errorCode)));
    }

    private static OutcomeUnknown broken(String errorName) {
        return errorName.equals(MALFORMED)
                ? new OutcomeUnknown(CallFailure.BAD_ANSWER, "the answer is not HTTP (" + errorName + ")")
                : new OutcomeUnknown(CallFailure.CONNECTION_LOST, "the connection broke (" + errorName + ")");
    }

    /** The first end counts: an answer that was too long stays so, whatever follows. */
    private void end(@Nullable OutcomeUnknown how) {
        if (ended.getCount() > 0) {
            problem = how;
            ended.countDown();
        }
    }
}
