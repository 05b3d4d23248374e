package io.smstask.http;

import java.nio.ByteBuffer;
import software.amazon.awssdk.crt.http.HttpRequestBodyStream;

/** The body of a request, as CRT asks for it: buffer by buffer. */
public final class Body implements HttpRequestBodyStream {

    private final byte[] bytes;
    private int next;

    /** These bytes, which nobody may change. */
    public Body(byte[] bytes) {
        this.bytes = bytes;
    }

    /** All of it. */
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public boolean sendRequestBody(ByteBuffer out) {
        int length = Math.min(bytes.length - next, out.remaining());
        out.put(bytes, next, length);
        next += length;
        return next == bytes.length;
    }

    @Override
    public boolean resetPosition() {
        next = 0;
        return true;
    }

    @Override
    public long getLength() {
        return bytes.length;
    }
}
