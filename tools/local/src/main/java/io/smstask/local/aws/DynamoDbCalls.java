package io.smstask.local.aws;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Stands before the database: lists what it was asked, and can let operations fail as an outage does. */
public final class DynamoDbCalls extends Handler.Wrapper {

    private static final String TARGET = "X-Amz-Target";
    private static final int INTERNAL_SERVER_ERROR = 500;

    private static final Set<String> WRITES = Set.of("PutItem", "UpdateItem", "DeleteItem");

    private final AtomicLong writes = new AtomicLong();
    private final List<String> operations = Collections.synchronizedList(new ArrayList<>());
    private volatile Interference interference = Interference.NONE;

    DynamoDbCalls(Handler database) {
        super(database);
    }

    /** What may happen to a request. All methods may also take their time: the request waits for them. */
    public interface Interference {

        /** Nothing goes wrong. */
        Interference NONE = new Interference() {};

        /** Whether the database never sees the request; it is answered with an error 500. */
        default boolean isLost(String operation) {
            return false;
        }

        /** How long the request is under way before the database sees it; its client may have given up by then. */
        default Duration lateness(String operation) {
            return Duration.ZERO;
        }

        /** Whether the connection is cut when the database has done what was asked, before it says so. */
        default boolean isAnswerLost(String operation) {
            return false;
        }
    }

    /** The operations so far, oldest first, by DynamoDB's names; those that failed too. */
    public List<String> operations() {
        synchronized (operations) {
            return List.copyOf(operations);
        }
    }

    /** How many writes have been done, or refused by their condition. */
    public long writes() {
        return writes.get();
    }

    /** Forgets the operations so far. */
    public void clear() {
        operations.clear();
    }

    /** Lets these operations fail with an error 500 until further notice; none of them ends the outage. */
    public void fail(String... names) {
        Set<String> failing = Set.of(names);
        interfere(new Interference() {
            @Override
            public boolean isLost(String operation) {
                return failing.contains(operation);
            }
        });
    }

    /** From now on this, and nothing else, happens to the requests. */
    public void interfere(Interference next) {
        interference = next;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String target = request.getHeaders().get(TARGET);
        String operation = target == null ? "" : target.substring(target.indexOf('.') + 1);
        operations.add(operation);
        Interference now = interference;
        if (now.isLost(operation)) {
            response.setStatus(INTERNAL_SERVER_ERROR);
            callback.succeeded();
            return true;
        }
        Thread.sleep(now.lateness(operation).toMillis());
        Runnable done = () -> {
            if (WRITES.contains(operation)) {
                writes.incrementAndGet();
            }
        };
        return super.handle(
                request, new LosableResponse(request, response, done, () -> now.isAnswerLost(operation)), callback);
    }

    /** An answer that may be lost: it is written only when the database has done its work. */
    private static final class LosableResponse extends Response.Wrapper {

        private final Runnable done;
        private final BooleanSupplier isLost;
        private boolean isAsked;
        private boolean isCut;

        private LosableResponse(Request request, Response response, Runnable done, BooleanSupplier isLost) {
            super(request, response);
            this.done = done;
            this.isLost = isLost;
        }

        @Override
        public void write(boolean last, ByteBuffer content, Callback callback) {
            if (!isAsked) {
                isAsked = true;
                done.run();
                isCut = isLost.getAsBoolean();
            }
            if (isCut) {
                getRequest()
                        .getConnectionMetaData()
                        .getConnection()
                        .getEndPoint()
                        .close();
                callback.failed(new EofException("the answer is lost"));
            } else {
                super.write(last, content, callback);
            }
        }
    }
}
