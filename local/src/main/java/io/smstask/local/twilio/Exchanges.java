package io.smstask.local.twilio;

import io.javalin.http.Context;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Keeps Jetty's own request at hand, for what servlets cannot do: hang up, and know when the answer is out. */
final class Exchanges extends Handler.Wrapper {
    private static final String ATTRIBUTE = Exchanges.class.getName();

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        request.setAttribute(ATTRIBUTE, request);
        return super.handle(request, response, callback);
    }

    /** Closes the TCP connection; what is answered afterwards goes nowhere. */
    static void hangUp(Context context) {
        request(context).getConnectionMetaData().getConnection().getEndPoint().close();
    }

    /** Runs the action once the answer has been written, or could not be. */
    static void afterAnswer(Context context, Runnable action) {
        Request.addCompletionListener(request(context), failure -> action.run());
    }

    private static Request request(Context context) {
        Request request = context.attribute(ATTRIBUTE);
        if (request == null) {
            throw new IllegalStateException("the server was built without this handler");
        }
        return request;
    }
}
