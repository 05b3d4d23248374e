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

/** A handler before the database that lists its operations and can make them fail. */
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

    /** Faults of a request. The methods may block; the request waits. */
    public interface Interference {

        /** No faults. */
        Interference NONE = new Interference() {};

        /** Whether the request is answered with an error 500 and never reaches the database. */
        default boolean isLost(String operation) {
            return false;
        }

        /** How long the request takes to reach the database; its client may have given up by then. */
        default Duration lateness(String operation) {
            return Duration.ZERO;
        }

        /** Whether the connection is cut after the database has done the work, before its answer. */
        default boolean isAnswerLost(String operation) {
            return false;
        }
    }

    /** The names of the operations so far, oldest first, including failed ones. */
    public List<String> operations() {
        synchronized (operations) {
            return List.copyOf(operations);
        }
    }

    /** The number of writes, including those refused by their condition. */
    public long writes() {
        return writes.get();
    }

    /** Forgets the operations so far. */
    public void clear() {
        operations.clear();
    }

    /** Makes these operations fail with an error 500 until the next call; no names end the outage. */
    public void fail(String... names) {
        Set<String> failing = Set.of(names);
        interfere(new Interference() {
            @Override
            public boolean isLost(String operation) {
                return failing.contains(operation);
            }
        });
    }

    /** Replaces the faults of all requests from now on. */
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

    /** An answer that may be lost. It is written after the database has done its work. */
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
