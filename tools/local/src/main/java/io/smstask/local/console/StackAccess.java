package io.smstask.local.console;

import io.smstask.local.aws.DynamoDbCalls;
import io.smstask.simulator.Account;
import io.smstask.simulator.TwilioSimulator;
import io.smstask.task.TaskStore;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The parts of the stack that the console shows and controls.
 *
 * @param tasksUrl the tasks API
 * @param dynamoDb closed by the console
 * @param store reads single tasks of the table
 * @param table the tasks' table
 * @param writes counts writes to the table
 * @param simulator empty if the stack uses the real Twilio
 * @param account the stack's account; its token is shown only if it is the simulator's
 * @param clock of the functions
 * @param time moves the functions' clock on and runs their schedules; empty if that is not possible
 */
public record StackAccess(
        URI tasksUrl,
        DynamoDbClient dynamoDb,
        String table,
        TaskStore store,
        DynamoDbCalls writes,
        Optional<TwilioSimulator> simulator,
        Account account,
        Clock clock,
        Optional<Consumer<Duration>> time) {}
