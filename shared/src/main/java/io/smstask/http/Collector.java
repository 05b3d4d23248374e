package io.smstask.http;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.crt.CRT;
import software.amazon.awssdk.crt.http.HttpHeader;
import software.amazon.awssdk.crt.http.HttpHeaderBlock;
import software.amazon.awssdk.crt.http.HttpStream;
import software.amazon.awssdk.crt.http.HttpStreamResponseHandler;

/** Collects the answer to one request: CRT's event loop fills it, the caller's thread waits for it. */
final class Collector implements HttpStreamResponseHandler {

    private static final String MALFORMED = "AWS_ERROR_HTTP_PROTOCOL_ERROR";

    private final CountDownLatch ended = new CountDownLatch(1);
    private final List<HttpHeader> headers = new ArrayList<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private int status;
    private @Nullable NoAnswer problem;

    /**
     * Waits for the whole answer.
     *
     * @throws NoAnswer if it does not come in time, breaks off, is malformed or is too long
     */
    HttpAnswer await(long nanos) {
        try {
            if (!ended.await(nanos, TimeUnit.NANOSECONDS)) {
                throw new NoAnswer(NoAnswer.Cause.TIMEOUT, "the answer did not come in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NoAnswer(NoAnswer.Cause.TIMEOUT, "the wait for the answer was interrupted");
        }
        if (problem != null) {
            throw problem;
        }
        return new HttpAnswer(status, headers, body.toByteArray());
    }

    @Override
    public void onResponseHeaders(HttpStream stream, int responseStatus, int block, HttpHeader[] next) {
        // Skips interim answers such as 100, and trailers.
        if (block == HttpHeaderBlock.MAIN.getValue()) {
            status = responseStatus;
            headers.addAll(List.of(next));
        }
    }

    @Override
    public int onResponseBody(HttpStream stream, byte[] part) {
        if (body.size() + part.length > Host.MAX_BODY_BYTES) {
            end(new NoAnswer(NoAnswer.Cause.UNUSABLE, "the answer is longer than " + Host.MAX_BODY_BYTES + " bytes"));
        } else {
            body.write(part, 0, part.length);
        }
        return part.length;
    }

    @Override
    public void onResponseComplete(HttpStream stream, int errorCode) {
        end(errorCode == CRT.AWS_CRT_SUCCESS ? null : broken(CRT.awsErrorName(errorCode)));
    }

    private static NoAnswer broken(String errorName) {
        return errorName.equals(MALFORMED)
                ? new NoAnswer(NoAnswer.Cause.UNUSABLE, "the answer is not HTTP (" + errorName + ")")
                : new NoAnswer(NoAnswer.Cause.CONNECTION_LOST, "the connection broke (" + errorName + ")");
    }

    /** The first end counts: an answer that was too long stays so, whatever follows. */
    private void end(@Nullable NoAnswer how) {
        if (ended.getCount() > 0) {
            problem = how;
            ended.countDown();
        }
    }
}
