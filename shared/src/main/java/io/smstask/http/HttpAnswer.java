package io.smstask.http;

import java.util.List;
import software.amazon.awssdk.crt.http.HttpHeader;

/** A whole answer, whatever its status. */
public record HttpAnswer(int status, List<HttpHeader> headers, byte[] body) {

    /** The header's first value, or nothing. */
    public String header(String name) {
        for (HttpHeader header : headers) {
            if (header.getName().equalsIgnoreCase(name)) {
                return header.getValue();
            }
        }
        return "";
    }
}
