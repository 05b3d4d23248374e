package io.smstask.send;

import io.smstask.task.MessageSid;
import io.smstask.task.Sms;
import io.smstask.twilio.TwilioCredentials;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/** A Twilio that gives scripted answers, in order, and then accepts every message. */
final class FakeSmsGateway implements SmsGateway {

    /** One call of {@link #send}. */
    record Asked(Sms sms, TwilioCredentials credentials, String statusCallback, Duration patience) {}

    private final Queue<TwilioAnswer> script = new ConcurrentLinkedQueue<>();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();

    /** Appends answers to the script. */
    FakeSmsGateway answering(TwilioAnswer... answers) {
        script.addAll(List.of(answers));
        return this;
    }

    /** The calls so far, oldest first. */
    List<Asked> asked() {
        return List.copyOf(asked);
    }

    @Override
    public TwilioAnswer send(Sms sms, TwilioCredentials credentials, String statusCallback, Duration patience) {
        asked.add(new Asked(sms, credentials, statusCallback, patience));
        TwilioAnswer scripted = script.poll();
        return scripted != null ? scripted : accepted(asked.size());
    }

    private static TwilioAnswer accepted(int number) {
        return SampleSms.accepted(new MessageSid("SM" + String.format("%032x", number)), "queued");
    }
}
