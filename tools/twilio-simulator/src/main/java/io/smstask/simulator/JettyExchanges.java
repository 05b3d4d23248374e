package io.smstask.simulator;

import io.javalin.http.Context;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Keeps Jetty's own request at hand, for what servlets cannot do: hang up, and know when the answer is out. */
final class JettyExchanges extends Handler.Wrapper {
    private static final String ATTRIBUTE = JettyExchanges.class.getName();

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        request.setAttribute(ATTRIBUTE, request);
        return super.handle(request, response, callback);
    }

    /**
     * Answers later, if there is still someone to answer. Once the exchange is over, because the caller has hung up or the
     * connection was idle for too long, its request must not be touched again: Javalin would fail on it, and handle that
     * failure, and fail on it, forever.
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

    /** Closes the TCP connection, and the exchange with it. */
    static void hangUp(Context context) {
        request(context).getConnectionMetaData().getConnection().getEndPoint().close();
        context.req().getAsyncContext().complete();
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
