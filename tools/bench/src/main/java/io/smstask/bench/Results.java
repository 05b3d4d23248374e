package io.smstask.bench;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** Everything that was measured. */
final class Results {

    /** One variant at one job. */
    record Key(Variant variant, Job job) {}

    /**
     * What is the same in every run.
     *
     * @param classes of a JVM only
     */
    record Facts(long artefactBytes, Optional<LoadedClasses> classes) {}

    /** The starts of a variant at one job, round by round. */
    record Cold(List<ColdRun> rounds) {
        double[] values(ToDoubleFunction<ColdRun> of) {
            return rounds.stream().mapToDouble(of).toArray();
        }
    }

    private final LocalDate date;
    private final Map<Key, Facts> facts = new LinkedHashMap<>();
    private final Map<Setting, Map<Key, List<ColdRun>>> cold = new LinkedHashMap<>();
    private final Map<Key, List<WarmRun>> warm = new LinkedHashMap<>();

    Results(LocalDate date) {
        this.date = date;
    }

    LocalDate date() {
        return date;
    }

    void add(Key key, Facts one) {
        facts.put(key, one);
    }

    void addCold(Key key, Setting setting, ColdRun run) {
        cold.computeIfAbsent(setting, s -> new LinkedHashMap<>())
                .computeIfAbsent(key, k -> new ArrayList<>())
                .add(run);
    }

    /** In the order in which they were measured. */
    List<Setting> settings() {
        return List.copyOf(cold.keySet());
    }

    /** Of the chart: the first that is not throttled; empty where there is none. */
    Optional<Setting> headline() {
        return settings().stream().filter(setting -> !setting.isThrottled()).findFirst();
    }

    void addWarm(Key key, WarmRun run) {
        warm.computeIfAbsent(key, k -> new ArrayList<>()).add(run);
    }

    /** In the order of the variants. */
    List<Key> keys() {
        return List.copyOf(facts.keySet());
    }

    Facts facts(Key key) {
        return facts.get(key);
    }

    /** The rounds of a variant; empty where it was not measured. */
    Optional<Cold> cold(Key key, Setting setting) {
        return Optional.ofNullable(cold.getOrDefault(setting, Map.of()).get(key))
                .map(Cold::new);
    }

    List<WarmRun> warm(Key key) {
        return warm.getOrDefault(key, List.of());
    }

    /**
     * How much a variant takes of what another one takes.
     *
     * @param base the other one's name
     */
    Optional<Double> ratio(Key key, String base, Setting setting, ToDoubleFunction<ColdRun> of) {
        Optional<Cold> other = keys().stream()
                .filter(one -> one.variant().name().equals(base) && one.job() == key.job())
                .findFirst()
                .flatMap(one -> cold(one, setting));
        return other.flatMap(
                there -> cold(key, setting).map(here -> Statistics.ratio(here.values(of), there.values(of))));
    }
}
