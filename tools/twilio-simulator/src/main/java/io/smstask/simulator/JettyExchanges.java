package io.smstask.simulator;

import io.javalin.http.Context;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Gives access to Jetty's own request, for what servlets cannot do: cut the connection, and act after the answer. */
final class JettyExchanges extends Handler.Wrapper {
    private static final String ATTRIBUTE = JettyExchanges.class.getName();

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        request.setAttribute(ATTRIBUTE, request);
        return super.handle(request, response, callback);
    }

    /**
     * Answers later, if the client still waits. Once the exchange is over, because the client has gone or the
     * connection was idle too long, its request must not be touched: Javalin would fail, handle that failure, and fail
     * again, forever.
     */
    static void later(Context context, Supplier<CompletableFuture<Void>> way) {
        var isOver = new AtomicBoolean();
        afterAnswer(context, () -> isOver.set(true));
        context.future(() -> {
            var answer = new CompletableFuture<Void>();
            way.get().whenComplete((done, failure) -> {
                if (isOver.get()) {
                    return;
                }
                if (failure == null) {
                    answer.complete(null);
                } else {
                    answer.completeExceptionally(failure);
                }
            });
            return answer;
        });
    }

    /** Closes the TCP connection and with it the exchange. */
    static void hangUp(Context context) {
        request(context).getConnectionMetaData().getConnection().getEndPoint().close();
        context.req().getAsyncContext().complete();
    }

    /** Runs the action after the answer has been written, or has failed to be. */
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
