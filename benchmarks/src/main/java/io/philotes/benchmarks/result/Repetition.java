// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.result;

import io.philotes.benchmarks.lake.LakeSize;
import java.util.Objects;
import java.util.Optional;

/**
 * The parts, each measured once, one right after the other. Immutable.
 *
 * @param limit the limit that Philotes is compared with; empty where there is none
 * @param philotes what it came to
 * @param debezium what Debezium's engine came to; empty when it was left out
 * @param lake the tables in the end
 */
public record Repetition(Optional<PartRun> limit, PartRun philotes, Optional<PartRun> debezium, LakeSize lake) {

    public Repetition {
        Objects.requireNonNull(limit, "limit");
        Objects.requireNonNull(philotes, "philotes");
        Objects.requireNonNull(debezium, "debezium");
        Objects.requireNonNull(lake, "lake");
    }

    /** With nothing to compare it with. */
    public static Repetition alone(PartRun philotes, LakeSize lake) {
        return new Repetition(Optional.empty(), philotes, Optional.empty(), lake);
    }

    public Optional<Double> ratioToLimit() {
        return limit.map(philotes::ratioTo);
    }

    public Optional<Double> ratioToDebezium() {
        return debezium.map(philotes::ratioTo);
    }
}
