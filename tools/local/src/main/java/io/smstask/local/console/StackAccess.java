package io.smstask.local.console;

import io.smstask.local.aws.DynamoDbCalls;
import io.smstask.simulator.Account;
import io.smstask.simulator.TwilioSimulator;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * What the console shows and steers.
 *
 * @param tasksUrl the tasks API
 * @param dynamoDb the database; the console closes it
 * @param table the tasks' table
 * @param writes tells when there is something new in the table
 * @param simulator empty where the stack talks to the real Twilio
 * @param account the stack's own account; its token is shown only if it is the simulator's
 * @param clock what the functions go by
 * @param time lets time pass for the functions, and their schedule run once; empty where it cannot be done
 */
public record StackAccess(
        URI tasksUrl,
        DynamoDbClient dynamoDb,
        String table,
        DynamoDbCalls writes,
        Optional<TwilioSimulator> simulator,
        Account account,
        Clock clock,
        Optional<Consumer<Duration>> time) {}
