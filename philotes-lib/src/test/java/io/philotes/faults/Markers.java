// SPDX-License-Identifier: Apache-2.0
package io.philotes.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.testkit.Lake;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.Table;

/** What the commits of a table say of themselves: each goes further than the one before, none is there twice. */
final class Markers {

    private Markers() {}

    /** Fails unless positions rise strictly, epochs never fall, and no commit is there twice. */
    static void check(Table table) {
        check(table, false);
    }

    /** The same, but for replays of dead letters, which are committed at the place where the table stands. */
    static void checkWithReplays(Table table) {
        check(table, true);
    }

    private static void check(Table table, boolean mayStay) {
        String position = "";
        long epoch = 0;
        Set<String> batches = new HashSet<>();
        for (long snapshotId : Lake.history(table)) {
            Map<String, String> summary = table.snapshot(snapshotId).summary();
            if (table.snapshot(snapshotId).operation().equals(DataOperations.REPLACE)) {
                assertThat(summary)
                        .as("a compaction of %s moves no position", table.name())
                        .doesNotContainKey("philotes.end-lsn");
                continue;
            }
            assertThat(summary.get("philotes.end-lsn").compareTo(position))
                    .as("position in %s of %s", snapshotId, table.name())
                    .isGreaterThanOrEqualTo(mayStay ? 0 : 1);
            long itsEpoch = Long.parseLong(summary.get("philotes.epoch"));
            assertThat(itsEpoch)
                    .as("epoch in %s of %s", snapshotId, table.name())
                    .isGreaterThanOrEqualTo(epoch);
            assertThat(batches.add(summary.get("philotes.batch-id")))
                    .as("commit %s of %s is new", snapshotId, table.name())
                    .isTrue();
            position = summary.get("philotes.end-lsn");
            epoch = itsEpoch;
        }
    }
}
