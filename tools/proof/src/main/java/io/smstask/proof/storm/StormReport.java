package io.smstask.proof.storm;

import io.smstask.proof.storm.Verdicts.Breach;
import io.smstask.proof.storm.Verdicts.Evidence;
import io.smstask.proof.storm.Verdicts.Finding;
import io.smstask.proof.storm.Verdicts.Promise;
import io.smstask.proof.storm.Verdicts.Verdict;
import io.smstask.simulator.Fault;
import io.smstask.task.Escalation;
import io.smstask.task.Task;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The result of a storm, as Markdown tables. */
public final class StormReport {

    private static final int SHOWN = 20;

    private final StormOptions options;
    private final Map<String, Long> rows = new LinkedHashMap<>();
    private final Map<Promise, Integer> broken = new EnumMap<>(Promise.class);
    private final Map<Verdict, Integer> verdicts = new EnumMap<>(Verdict.class);
    private final Map<String, Integer> ends = new TreeMap<>();
    private final Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
    private final List<String> wrong = new ArrayList<>();
    private int mostMessages;

    StormReport(StormOptions options) {
        this.options = options;
    }

    void row(String name, long value) {
        rows.put(name, value);
    }

    void happened(Fault fault, int times) {
        faults.put(fault, times);
    }

    void add(Evidence evidence) {
        Finding finding = Verdicts.of(evidence);
        mostMessages = Math.max(mostMessages, evidence.messages().size());
        verdicts.merge(finding.verdict(), 1, Integer::sum);
        ends.merge(evidence.stored().map(StormReport::end).orElse("no task"), 1, Integer::sum);
        Set<Promise> promises = EnumSet.noneOf(Promise.class);
        for (Breach breach : finding.breaches()) {
            promises.add(breach.promise());
            wrong.add(evidence.task().id() + ": " + breach.how() + "; " + evidence);
        }
        promises.forEach(promise -> broken.merge(promise, 1, Integer::sum));
    }

    void broken(Promise promise, String how) {
        broken.merge(promise, 1, Integer::sum);
        wrong.add(how);
    }

    private static String end(Task task) {
        return task.node().label()
                + task.status().map(status -> ", " + status).orElse("")
                + task.escalation()
                        .map(Escalation::code)
                        .map(code -> ", " + code)
                        .orElse("");
    }

    /** Whether every promise was kept. */
    public boolean isKept() {
        return broken.isEmpty();
    }

    /** The number of different faults of Twilio's. */
    public int kindsOfFaults() {
        return faults.size();
    }

    /** The tables. The line above them says whether every promise was kept. */
    public String markdown() {
        Map<String, Object> promises = new LinkedHashMap<>();
        for (Promise promise : Promise.values()) {
            promises.put(promise.broken(), broken.getOrDefault(promise, 0));
        }
        promises.put("most SMS for one task", mostMessages);
        Map<String, Object> told = new LinkedHashMap<>();
        verdicts.forEach((verdict, times) -> told.put(verdict.words(), times));
        Map<String, Object> messagesByFault = new LinkedHashMap<>();
        faults.forEach((fault, times) -> messagesByFault.put("`" + fault + "`", times));
        var text = new StringBuilder("Storm of " + options.tasks() + " tasks, seed " + options.seed() + ", "
                + options.callers() + " callers at once: " + (isKept() ? "every promise kept" : "PROMISES BROKEN")
                + ".\n");
        text.append(table("promise", "broken by", promises));
        text.append(table("what the tasks say at the end", "tasks", told));
        text.append(table("what happened", "times", rows));
        text.append(table("where the tasks ended", "tasks", ends));
        text.append(table("Twilio's faults", "messages", messagesByFault));
        wrong.stream().limit(SHOWN).forEach(line -> text.append("\n- ").append(line));
        return text.append('\n').toString();
    }

    private static String table(String left, String right, Map<String, ?> rows) {
        var text = new StringBuilder("\n| " + left + " | " + right + " |\n| --- | ---: |\n");
        rows.forEach((name, value) -> text.append(String.format(Locale.ROOT, "| %s | %,d |%n", name, value)));
        return text.toString();
    }
}
