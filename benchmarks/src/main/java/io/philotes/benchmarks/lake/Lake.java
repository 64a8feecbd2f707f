// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.lake;

import io.philotes.benchmarks.workload.SourceTable;
import io.philotes.benchmarks.workload.TableTally;
import io.philotes.benchmarks.workload.TallyBuilder;
import io.philotes.sink.iceberg.local.LocalCatalog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.jdbc.JdbcCatalog;

/** The lake through a catalog of its own and Iceberg's generic reader. For one thread. */
public final class Lake implements AutoCloseable {

    /** Where the tables go. */
    public static final String NAMESPACE = "benchmark";

    private final JdbcCatalog catalog;

    public Lake(Path directory) {
        this.catalog = LocalCatalog.open(directory);
    }

    /** As it is now; refresh it for what comes later. */
    public Table table(SourceTable table) {
        return catalog.loadTable(TableIdentifier.of(NAMESPACE, table.name()));
    }

    /** Counts the rows that a reader finds now. */
    public TableTally tallyOf(SourceTable table) {
        TallyBuilder tally = table.tally();
        try (CloseableIterable<Record> rows =
                IcebergGenerics.read(table(table)).select(table.checkedNames()).build()) {
            rows.forEach(row -> tally.add(row::getField));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return tally.build();
    }

    /** One of its live data files, which has rows. */
    public Path anyDataFile(String table) {
        Table now = catalog.loadTable(TableIdentifier.of(NAMESPACE, table));
        try (CloseableIterable<FileScanTask> files = now.newScan().planFiles()) {
            for (FileScanTask file : files) {
                return Path.of(file.file().location());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new IllegalStateException("no data file, table=" + table);
    }

    public LakeSize sizeOf(SourceTable table) {
        Table now = table(table);
        Snapshot head = now.currentSnapshot();
        if (head == null) {
            return LakeSize.NONE;
        }
        long snapshots = 0;
        for (Snapshot ignored : now.snapshots()) {
            snapshots++;
        }
        Map<String, String> summary = head.summary();
        return new LakeSize(
                number(summary, SnapshotSummary.TOTAL_DATA_FILES_PROP),
                number(summary, SnapshotSummary.TOTAL_DELETE_FILES_PROP),
                number(summary, SnapshotSummary.TOTAL_POS_DELETES_PROP),
                number(summary, SnapshotSummary.TOTAL_FILE_SIZE_PROP),
                snapshots);
    }

    private static long number(Map<String, String> summary, String name) {
        return Long.parseLong(summary.getOrDefault(name, "0"));
    }

    @Override
    public void close() {
        catalog.close();
    }
}
