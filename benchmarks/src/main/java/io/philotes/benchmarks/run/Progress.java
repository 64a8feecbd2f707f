// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.run;

import io.philotes.benchmarks.result.Repetition;
import java.util.Locale;

/** Where it is said what is being done. */
@FunctionalInterface
public interface Progress {

    void say(String line);

    /** Says what a repetition came to. */
    default void tell(String benchmark, int number, Repetition repetition) {
        StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT,
                "%s: %d: Philotes %,.0f rows/s",
                benchmark,
                number,
                repetition.philotes().rowsPerSecond()));
        repetition
                .limit()
                .ifPresent(limit -> line.append(String.format(Locale.ROOT, ", limit %,.0f", limit.rowsPerSecond())));
        repetition
                .debezium()
                .ifPresent(debezium ->
                        line.append(String.format(Locale.ROOT, ", Debezium %,.0f", debezium.rowsPerSecond())));
        repetition
                .ratioToLimit()
                .ifPresent(ratio -> line.append(String.format(Locale.ROOT, ", ratio to limit %.2f", ratio)));
        say(line.append(String.format(
                        Locale.ROOT, ", load %.1f", repetition.philotes().load()))
                .toString());
    }
}
