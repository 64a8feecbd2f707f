// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.run;

import io.philotes.benchmarks.lake.LakeSize;
import java.util.Objects;
import java.util.Optional;

/**
 * The parts, each measured once, one right after the other. Immutable.
 *
 * @param limit the limit that Philotes is compared with
 * @param philotes what it came to
 * @param debezium what Debezium's engine came to; empty when it was left out
 * @param lake the tables in the end
 */
public record Repetition(PartRun limit, PartRun philotes, Optional<PartRun> debezium, LakeSize lake) {

    public Repetition {
        Objects.requireNonNull(limit, "limit");
        Objects.requireNonNull(philotes, "philotes");
        Objects.requireNonNull(debezium, "debezium");
        Objects.requireNonNull(lake, "lake");
    }

    public double ratioToLimit() {
        return philotes.rowsPerSecond() / limit.rowsPerSecond();
    }

    public Optional<Double> ratioToDebezium() {
        return debezium.map(peer -> philotes.rowsPerSecond() / peer.rowsPerSecond());
    }
}
