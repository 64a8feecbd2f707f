// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.report;

import io.philotes.benchmarks.run.PartRun;
import io.philotes.benchmarks.run.Repetition;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * What one benchmark came to. Immutable.
 *
 * @param workload its name
 * @param variant what was not the default, such as the buffer; empty for none
 * @param repetitions at least one
 * @param latency from source to reader; empty where the workload does not tell
 */
public record Result(String workload, String variant, List<Repetition> repetitions, Optional<Latency> latency) {

    public Result {
        Objects.requireNonNull(workload, "workload");
        Objects.requireNonNull(variant, "variant");
        Objects.requireNonNull(latency, "latency");
        repetitions = List.copyOf(repetitions);
        if (repetitions.isEmpty()) {
            throw new IllegalArgumentException("no repetition");
        }
    }

    /** Row changes of a repetition; the same in all. */
    public long rows() {
        return repetitions.get(0).limit().changes();
    }

    public Spread rowsPerSecond() {
        return of(repetition -> repetition.philotes().rowsPerSecond());
    }

    public Spread limitRowsPerSecond() {
        return of(repetition -> repetition.limit().rowsPerSecond());
    }

    /** Empty when Debezium was left out. */
    public Optional<Spread> debeziumRowsPerSecond() {
        return ofPresent(repetition -> repetition.debezium().map(PartRun::rowsPerSecond));
    }

    /** Each repetition's own, so that what made the machine slow cancels out. */
    public Spread ratioToLimit() {
        return of(Repetition::ratioToLimit);
    }

    /** Empty when Debezium was left out. */
    public Optional<Spread> ratioToDebezium() {
        return ofPresent(Repetition::ratioToDebezium);
    }

    public Spread startSeconds() {
        return of(repetition -> repetition.philotes().startMicros() / 1e6);
    }

    /** CPU time of Philotes' JVM for a row, µs; empty where that cannot be seen. */
    public Optional<Spread> cpuMicrosPerRow() {
        return perRow(Repetition::philotes);
    }

    /** The same of the reader that is the limit. */
    public Optional<Spread> limitCpuMicrosPerRow() {
        return perRow(Repetition::limit);
    }

    /** CPU time of the walsender for a row while Philotes reads, µs; empty where that cannot be seen. */
    public Optional<Spread> walsenderMicrosPerRow() {
        return walsender(Repetition::philotes);
    }

    /** The same while the limit is read. */
    public Optional<Spread> limitWalsenderMicrosPerRow() {
        return walsender(Repetition::limit);
    }

    /** The most of all repetitions, garbage too. */
    public long peakHeapBytes() {
        return most(repetition -> repetition.philotes().peakHeapBytes());
    }

    /** The most that a garbage collection left. */
    public long peakLiveHeapBytes() {
        return most(repetition -> repetition.philotes().peakLiveHeapBytes());
    }

    /** 0 where that cannot be seen. */
    public long peakRssBytes() {
        return most(repetition -> repetition.philotes().peakRssBytes().orElse(0));
    }

    /** The machine's load before the busiest part. */
    public double load() {
        return repetitions.stream()
                .mapToDouble(repetition -> repetition.philotes().load())
                .max()
                .orElseThrow();
    }

    private Optional<Spread> perRow(Function<Repetition, PartRun> part) {
        return ofPresent(repetition -> {
            PartRun run = part.apply(repetition);
            return run.cpuMicros().isPresent()
                    ? Optional.of(run.cpuMicros().getAsLong() / (double) run.changes())
                    : Optional.empty();
        });
    }

    private Optional<Spread> walsender(Function<Repetition, PartRun> part) {
        return ofPresent(repetition -> {
            PartRun run = part.apply(repetition);
            return run.walsenderCpuMicros().isPresent()
                    ? Optional.of(run.walsenderCpuMicros().getAsLong() / (double) run.changes())
                    : Optional.empty();
        });
    }

    private Spread of(Function<Repetition, Double> figure) {
        return Spread.of(repetitions.stream().map(figure).toList());
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
