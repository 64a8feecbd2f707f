// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.result;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * What one benchmark came to. Immutable. A ratio's spread is that of the repetitions' own ratios, so that what made the machine
 * slow cancels out.
 *
 * @param workload its name
 * @param variant what was not the default, such as the buffer; empty for none
 * @param repetitions at least one
 * @param latency from source to reader; empty where the workload does not tell
 * @param others figures of this workload alone, by name
 */
public record Result(
        String workload,
        String variant,
        List<Repetition> repetitions,
        Optional<Latency> latency,
        Map<String, Spread> others) {

    public Result {
        Objects.requireNonNull(workload, "workload");
        Objects.requireNonNull(variant, "variant");
        Objects.requireNonNull(latency, "latency");
        repetitions = List.copyOf(repetitions);
        others = new TreeMap<>(others);
        if (repetitions.isEmpty()) {
            throw new IllegalArgumentException("no repetition");
        }
    }

    /** Rates only. */
    public Result(String workload, String variant, List<Repetition> repetitions) {
        this(workload, variant, repetitions, Optional.empty(), Map.of());
    }

    /** Row changes of a repetition. */
    public long rows() {
        return repetitions.get(0).philotes().changes();
    }

    public Spread rowsPerSecond() {
        return Spread.of(repetitions.stream()
                .map(repetition -> repetition.philotes().rowsPerSecond())
                .toList());
    }

    /** Empty where there is no limit. */
    public Optional<Spread> limitRowsPerSecond() {
        return ofPresent(repetition -> repetition.limit().map(PartRun::rowsPerSecond));
    }

    /** Empty when Debezium was left out. */
    public Optional<Spread> debeziumRowsPerSecond() {
        return ofPresent(repetition -> repetition.debezium().map(PartRun::rowsPerSecond));
    }

    /** Empty where there is no limit. */
    public Optional<Spread> ratioToLimit() {
        return ofPresent(Repetition::ratioToLimit);
    }

    /** Empty when Debezium was left out. */
    public Optional<Spread> ratioToDebezium() {
        return ofPresent(Repetition::ratioToDebezium);
    }

    /** From the start of the JVM to the begin of what is measured. */
    public Spread startSeconds() {
        return Spread.of(repetitions.stream()
                .map(repetition -> repetition.philotes().startMicros() / 1e6)
                .toList());
    }

    /** CPU time of Philotes' JVM for a row, µs; empty where that cannot be seen. */
    public Optional<Spread> cpuMicrosPerRow() {
        return ofPresent(repetition -> repetition.philotes().cpuMicrosPerRow());
    }

    /** The same of the limit. */
    public Optional<Spread> limitCpuMicrosPerRow() {
        return ofPresent(repetition -> repetition.limit().flatMap(PartRun::cpuMicrosPerRow));
    }

    /** The same of Debezium. */
    public Optional<Spread> debeziumCpuMicrosPerRow() {
        return ofPresent(repetition -> repetition.debezium().flatMap(PartRun::cpuMicrosPerRow));
    }

    /** CPU time of the walsender for a row while Philotes reads, µs; empty where that cannot be seen. */
    public Optional<Spread> walsenderMicrosPerRow() {
        return ofPresent(repetition -> repetition.philotes().walsenderMicrosPerRow());
    }

    /** The same while the limit is read. */
    public Optional<Spread> limitWalsenderMicrosPerRow() {
        return ofPresent(repetition -> repetition.limit().flatMap(PartRun::walsenderMicrosPerRow));
    }

    /** The most of all repetitions, garbage too. */
    public long peakHeapBytes() {
        return most(repetition -> repetition.philotes().memory().peakHeapBytes());
    }

    /** The most that a garbage collection left. */
    public long peakLiveHeapBytes() {
        return most(repetition -> repetition.philotes().memory().peakLiveHeapBytes());
    }

    /** 0 where that cannot be seen. */
    public long peakRssBytes() {
        return most(repetition -> repetition.philotes().memory().peakRssBytes().orElse(0));
    }

    /** The machine's load before a part of Philotes, at most. */
    public double load() {
        return repetitions.stream()
                .mapToDouble(repetition -> repetition.philotes().load())
                .max()
                .orElseThrow();
    }

    private Optional<Spread> ofPresent(Function<Repetition, Optional<Double>> figure) {
        List<Double> figures =
                repetitions.stream().map(figure).flatMap(Optional::stream).toList();
        return figures.isEmpty() ? Optional.empty() : Optional.of(Spread.of(figures));
    }

    private long most(ToLongFunction<Repetition> figure) {
        return repetitions.stream().mapToLong(figure).max().orElseThrow();
    }
}
