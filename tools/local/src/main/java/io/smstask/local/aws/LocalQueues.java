package io.smstask.local.aws;

import com.typesafe.config.ConfigFactory;
import io.smstask.json.Json;
import io.smstask.local.template.Template;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.apache.pekko.actor.ActorSystem;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;

/**
 * ElasticMQ with the queues of a template. It keeps them in memory, and a message until it is deleted, whatever the
 * retention time.
 *
 * @see <a href="https://github.com/softwaremill/elasticmq">ElasticMQ</a>
 */
public final class LocalQueues implements AutoCloseable {

    /** Threads that keep no process alive, and no line in anybody's output. */
    private static final Map<String, Object> SETTINGS = Map.of(
            "pekko.daemonic", "on",
            "pekko.loglevel", "OFF",
            "pekko.stdout-loglevel", "OFF",
            "pekko.coordinated-shutdown.run-by-jvm-shutdown-hook", "off");

    private final ActorSystem actors;
    private final URI endpoint;
    private final Map<String, LocalQueue> queues = new LinkedHashMap<>();

    private LocalQueues(ActorSystem actors, List<Template.Queue> templates) {
        this.actors = actors;
        int port = SQSRestServerBuilder.withActorSystem(actors)
                .withInterface("127.0.0.1")
                .withDynamicPort()
                .withAWSRegion("us-east-1")
                .start()
                .waitUntilStarted()
                .localAddress()
                .getPort();
        endpoint = URI.create("http://127.0.0.1:" + port);
        for (Template.Queue template : templates) {
            queues.put(template.logicalId(), LocalQueue.create(endpoint, template));
        }
        // Afterwards, since a dead-letter queue may stand behind the queue that needs it.
        for (Template.Queue template : templates) {
            template.redrive().ifPresent(redrive -> redrive(template.logicalId(), redrive));
        }
    }

    private void redrive(String queue, Template.Redrive redrive) {
        String policy = Json.writeText(Map.of(
                "deadLetterTargetArn", get(redrive.queue()).arn(),
                "maxReceiveCount", redrive.receives()));
        get(queue).call("SetQueueAttributes", Map.of("Attributes", Map.of("RedrivePolicy", policy)));
    }

    /** Starts an engine with these queues, on a port that the system chooses. */
    public static LocalQueues start(List<Template.Queue> templates) {
        ClassLoader loader = ActorSystem.class.getClassLoader();
        ActorSystem actors = ActorSystem.create(
                "queues", ConfigFactory.parseMap(SETTINGS).withFallback(ConfigFactory.load(loader)), loader);
        try {
            return new LocalQueues(actors, templates);
        } catch (RuntimeException | Error e) {
            actors.terminate();
            throw e;
        }
    }

    /** What takes the place of SQS's own endpoint. */
    public URI endpoint() {
        return endpoint;
    }

    /** A queue by its logical id. */
    public LocalQueue get(String logicalId) {
        LocalQueue queue = queues.get(logicalId);
        if (queue == null) {
            throw new IllegalArgumentException("template.yaml has no queue " + logicalId);
        }
        return queue;
    }

    /** What the template's {@code !Ref} and {@code !GetAtt} of the queues stand for. */
    public Map<String, String> references() {
        Map<String, String> references = new LinkedHashMap<>();
        queues.forEach((logicalId, queue) -> {
            references.put(logicalId, queue.url().toString());
            references.put(logicalId + ".Arn", queue.arn());
        });
        return references;
    }

    /** Does not wait for those who wait for messages. */
    @Override
    public void close() {
        actors.terminate();
        try {
            actors.getWhenTerminated().toCompletableFuture().join();
        } catch (CompletionException e) {
            throw new IllegalStateException("ElasticMQ could not be stopped", e);
        }
    }
}
