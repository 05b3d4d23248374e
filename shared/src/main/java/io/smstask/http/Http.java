package io.smstask.http;

import java.time.Duration;
import software.amazon.awssdk.crt.http.HttpRequest;

/** Makes requests to one host. */
public interface Http {

    /**
     * One exchange: nothing is repeated.
     *
     * @param limit how long it may take, from connecting to the answer's last byte
     * @throws ConnectFailed if the request was not written
     * @throws NoAnswer if it may have been written and no usable answer came
     */
    HttpAnswer exchange(HttpRequest request, Duration limit);
}
