package io.smstask.local;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.VMDisconnectedException;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.IllegalConnectorArgumentsException;
import com.sun.jdi.connect.ListeningConnector;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.ClassPrepareEvent;
import com.sun.jdi.request.EventRequest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Tells which of some methods another JVM has called: from outside, by its debugger's interface, since nothing may be added
 * to what runs in there.
 */
final class CalledMethods implements AutoCloseable {

    private final String className;
    private final List<String> methods;
    private final ListeningConnector connector;
    private final Map<String, Connector.Argument> arguments;
    private final String address;
    private final List<String> called = new CopyOnWriteArrayList<>();
    private final Thread watch;

    /**
     * Waits for a JVM that is started with {@link #jvmOption()}.
     *
     * @param methods of that class, none of them overloaded
     */
    CalledMethods(String className, String... methods) throws IOException {
        this.className = className;
        this.methods = List.of(methods);
        this.connector = Bootstrap.virtualMachineManager().listeningConnectors().stream()
                .filter(one -> one.name().equals("com.sun.jdi.SocketListen"))
                .findFirst()
                .orElseThrow();
        this.arguments = connector.defaultArguments();
        arguments.get("localAddress").setValue("127.0.0.1");
        arguments.get("port").setValue("0");
        try {
            this.address = connector.startListening(arguments);
        } catch (IllegalConnectorArgumentsException e) {
            throw new IllegalStateException(e);
        }
        this.watch = new Thread(this::watch, "called-methods");
        watch.setDaemon(true);
        watch.start();
    }

    /** What the JVM has to be started with. */
    String jvmOption() {
        return "-agentlib:jdwp=transport=dt_socket,server=n,suspend=y,address=" + address;
    }

    /** The methods' names in the order of the calls so far. */
    List<String> called() {
        return List.copyOf(called);
    }

    private void watch() {
        try {
            VirtualMachine jvm = connector.accept(arguments);
            var prepared = jvm.eventRequestManager().createClassPrepareRequest();
            prepared.addClassFilter(className);
            prepared.enable();
            while (true) {
                var events = jvm.eventQueue().remove();
                for (var event : events) {
                    if (event instanceof ClassPrepareEvent loaded) {
                        stopAtMethods(jvm, loaded.referenceType());
                    } else if (event instanceof BreakpointEvent call) {
                        called.add(call.location().method().name());
                    }
                }
                events.resume();
            }
        } catch (VMDisconnectedException | IOException e) {
            // The JVM has ended, or was never started.
        } catch (IllegalConnectorArgumentsException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void stopAtMethods(VirtualMachine jvm, ReferenceType type) {
        for (String name : methods) {
            // A bridge method calls the one that counts.
            var method = type.methodsByName(name).stream()
                    .filter(one -> !one.isBridge())
                    .findFirst()
                    .orElseThrow();
            var breakpoint = jvm.eventRequestManager().createBreakpointRequest(method.location());
            breakpoint.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
            breakpoint.enable();
        }
    }

    @Override
    public void close() throws IOException {
        watch.interrupt();
        try {
            connector.stopListening(arguments);
        } catch (IllegalConnectorArgumentsException e) {
            throw new IllegalStateException(e);
        }
    }
}
