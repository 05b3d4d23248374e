package io.smstask.simulator;

import com.twilio.http.HttpClient;
import com.twilio.http.HttpMethod;
import com.twilio.http.Request;
import com.twilio.http.Response;
import com.twilio.http.TwilioRestClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Twilio's own client on another host: one request each, no repeats. */
final class RedirectedClient extends HttpClient {
    private final java.net.http.HttpClient client = java.net.http.HttpClient.newHttpClient();
    private final URI baseUrl;

    private RedirectedClient(URI baseUrl) {
        this.baseUrl = baseUrl;
    }

    static TwilioRestClient to(URI baseUrl, String user, String password, String accountSid) {
        return new TwilioRestClient.Builder(user, password)
                .accountSid(accountSid)
                .httpClient(new RedirectedClient(baseUrl))
                .build();
    }

    @Override
    public Response reliableRequest(Request request, int[] retryCodes, int retries, long delayMillis) {
        return makeRequest(request);
    }

    @Override
    public Response makeRequest(Request request) {
        var target = URI.create(baseUrl + path(request));
        var builder = HttpRequest.newBuilder(target).header("Authorization", request.getAuthString());
        if (request.getMethod() == HttpMethod.POST) {
            builder.header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString(request.encodeFormBody()));
        }
        if (request.getMethod() == HttpMethod.DELETE) {
            builder.DELETE();
        }
        try {
            var response = client.send(builder.build(), HttpResponse.BodyHandlers.ofString());
            return new Response(response.body(), response.statusCode());
        } catch (IOException lost) {
            throw new UncheckedIOException(lost);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static String path(Request request) {
        try {
            var url = request.constructURL().toURI();
            return url.getRawPath() + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery());
        } catch (URISyntaxException invalid) {
            throw new IllegalStateException(invalid);
        }
    }
}
