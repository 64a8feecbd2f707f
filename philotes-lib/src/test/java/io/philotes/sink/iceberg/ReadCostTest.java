// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.KEYED;
import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.testkit.OtherWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Random;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a full scan finds after a hundred commits of updates all over a table, and what it costs beside a scan of the same
 * table written anew. The figures are printed; what is asserted is what the costs come from. Larger with
 * {@code -Dphilotes.readcost.rows=2000000}.
 */
class ReadCostTest {

    private static final int ROWS = Integer.getInteger("philotes.readcost.rows", 40_000);
    private static final int COMMITS = 100;
    private static final int SCANS = ROWS > 40_000 ? 9 : 1;

    private final Random random = new Random(7);
    private final ChangeFeed feed = new ChangeFeed(LOADED_AT.value());

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void a_scan_after_a_hundred_commits_of_updates_meets_few_files_and_few_deleted_rows(int formatVersion)
            throws IOException {
        TestLake lake = new TestLake(
                options -> options.formatVersion(formatVersion).compaction(CompactionOptions.DEFAULT.withCpuShare(1)));
        lake.loaded(KEYED);
        loadRows(lake);
        for (int commit = 0; commit < COMMITS; commit++) {
            feed.begin();
            for (int i = 0; i < ROWS / 200; i++) {
                int key = random.nextInt(ROWS);
                feed.update(KEYED, key, "changed in " + commit, key % 1000);
            }
            lake.apply(feed.commit());
        }
        Compactions.settle(lake);

        Shape shape = Shape.of(lake.table("orders"));
        Table table = lake.table("orders");
        long compacted = table.currentSnapshot().snapshotId();
        OtherWriter.compact(table);
        long anew = table.currentSnapshot().snapshotId();
        double before = Double.MAX_VALUE;
        double fresh = Double.MAX_VALUE;
        for (int i = 0; i < SCANS; i++) {
            before = Math.min(before, scanMillis(table, compacted));
            fresh = Math.min(fresh, scanMillis(table, anew));
        }
        System.out.printf(
                "read cost, format %d: %d rows in %d files, %d deleted; a scan takes %.0f ms of CPU,"
                        + " of the table written anew %.0f ms: %.2f times%n",
                formatVersion, ROWS, shape.files(), shape.deleted(), before, fresh, before / fresh);
        assertThat(shape.rows() - shape.deleted()).isEqualTo(ROWS);
        assertThat(shape.files()).isLessThanOrEqualTo(2 * CompactionOptions.DEFAULT.minFiles());
        assertThat(shape.deleted()).isLessThanOrEqualTo((long) (0.12 * shape.rows()));
    }

    private void loadRows(TestLake lake) {
        feed.begin();
        for (int key = 0; key < ROWS; key++) {
            feed.insert(KEYED, key, "row " + key * 31L, key % 1000);
        }
        lake.apply(feed.commit());
    }

    /** In CPU time of this thread: other work on the machine counts little. */
    private static double scanMillis(Table table, long snapshotId) throws IOException {
        long began = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        long rows = 0;
        try (CloseableIterable<Record> all = IcebergGenerics.read(table)
                .useSnapshot(snapshotId)
                .reuseContainers()
                .build()) {
            for (Record row : all) {
                rows += row.getField("id") == null ? 0 : 1;
            }
        }
        assertThat(rows).isEqualTo(ROWS);
        return (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - began) / 1e6;
    }

    private record Shape(long files, long rows, long deleted) {

        static Shape of(Table table) throws IOException {
            long files = 0;
            long rows = 0;
            long deleted = 0;
            try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
                for (FileScanTask task : tasks) {
                    files++;
                    rows += task.file().recordCount();
                    deleted += task.deletes().stream()
                            .mapToLong(delete -> delete.recordCount())
                            .sum();
                }
            }
            return new Shape(files, rows, deleted);
        }
    }
}
