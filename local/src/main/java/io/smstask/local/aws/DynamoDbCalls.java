package io.smstask.local.aws;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Stands before the database: lists what it was asked, and can let operations fail as an outage does. */
public final class DynamoDbCalls extends Handler.Wrapper {

    private static final String TARGET = "X-Amz-Target";
    private static final int INTERNAL_SERVER_ERROR = 500;

    private final List<String> operations = new CopyOnWriteArrayList<>();
    private volatile Set<String> failing = Set.of();

    DynamoDbCalls(Handler database) {
        super(database);
    }

    /** The operations so far, oldest first, by DynamoDB's names; those that failed too. */
    public List<String> operations() {
        return List.copyOf(operations);
    }

    /** Forgets the operations so far. */
    public void clear() {
        operations.clear();
    }

    /** Lets these operations fail with an error 500 until further notice; none of them ends the outage. */
    public void fail(String... names) {
        failing = Set.of(names);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String target = request.getHeaders().get(TARGET);
        String operation = target == null ? "" : target.substring(target.indexOf('.') + 1);
        operations.add(operation);
        if (failing.contains(operation)) {
            response.setStatus(INTERNAL_SERVER_ERROR);
            callback.succeeded();
            return true;
        }
        return super.handle(request, response, callback);
    }
}
