// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.suite;

import io.philotes.benchmarks.part.BufferKind;
import java.time.Duration;
import java.util.List;

/** What the suite consists of, and what is asked of it. Stateless. */
final class Entries {

    private static final String LIMIT = "/ratioToLimit";
    private static final String DEBEZIUM = "/ratioToDebezium";

    static final List<Entry> ALL = List.of(
            Entry.of("narrow-insert", 1_000_000, ofLimit(0.90), ofDebezium()),
            Entry.of("wide-insert", 500_000, ofLimit(0.90), ofDebezium()),
            Entry.of("update-heavy", 800_000, ofLimit(0.75), ofDebezium()),
            Entry.of("tpcb", 600_000, ofLimit(0.80), ofDebezium()),
            Entry.of("huge-transaction", 1_000_000, ofLimit(0.80), ofDebezium()),
            Entry.of(
                    "narrow-insert-disk-buffer",
                    "narrow-insert",
                    1_000_000,
                    options -> options.withoutDebezium().withBuffer(BufferKind.DISK),
                    ofLimit(0.75)),
            Entry.of(
                    "narrow-insert-postgres-buffer",
                    "narrow-insert",
                    1_000_000,
                    options -> options.withoutDebezium().withBuffer(BufferKind.POSTGRES),
                    ofLimit(0.60)),
            Entry.of(
                    "narrow-insert-socket",
                    "narrow-insert",
                    1_000_000,
                    options -> options.withoutDebezium().withSocket(),
                    Target.atLeast("of the limit over TCP", LIMIT, 1.40)),
            Entry.of("copy-narrow", 4_000_000, Target.atLeast("of writing from memory", LIMIT, 0.60), ofDebezium()),
            Entry.of("copy-wide", 800_000, Target.atLeast("of writing from memory", LIMIT, 0.60), ofDebezium()),
            Entry.of(
                    "trickle",
                    "trickle",
                    2_000,
                    options -> options,
                    Target.below("ms, half of the transactions", "/latencyMillis/p50", 1_000),
                    Target.below("ms, 99 of 100 transactions", "/latencyMillis/p99", 2_500)),
            Entry.of(
                    "trickle-250ms",
                    "trickle",
                    2_000,
                    options -> options.withCommitInterval(Duration.ofMillis(250)),
                    Target.below("ms, 99 of 100 transactions", "/latencyMillis/p99", 1_000)),
            Entry.of(
                    "growth",
                    5_000_000,
                    Target.atLeast("of the rate with a tenth of the rows", "/ratioToSmallTable", 0.80)),
            Entry.of("start", 1, Target.below("s to the first change", "/secondsToFirstCommit", 3)));

    private Entries() {}

    private static Target ofLimit(double bound) {
        return Target.atLeast("of the wire's limit", LIMIT, bound);
    }

    private static Target ofDebezium() {
        return Target.atLeast("times Debezium", DEBEZIUM, 2.5);
    }
}
