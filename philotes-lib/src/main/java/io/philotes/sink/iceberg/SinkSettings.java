// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.model.TableId;
import io.philotes.sink.iceberg.internal.index.IndexMemory;
import io.philotes.sink.iceberg.internal.value.RowMode;
import io.philotes.sink.iceberg.internal.value.TypeChoice;
import io.philotes.sink.iceberg.internal.value.TypePolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.iceberg.catalog.Namespace;

/**
 * The checked options of one sink. Immutable.
 *
 * @param namespace where tables and the checkpoint live
 * @param formatVersion 2 or 3, for tables yet to be created
 * @param mode default of what a table holds
 * @param types Iceberg types by PostgreSQL type, where the default is not wanted
 * @param cdcColumns default of whether a mirror's rows say which change wrote them
 * @param softDelete default of whether a mirror keeps deleted rows
 * @param tables what differs per table
 * @param kinds what differs for tables that have nothing of their own, the first that matches
 * @param targetFileSizeBytes a data file is closed when it gets there
 * @param zstdLevel compression level of data files
 * @param commitTimeout how long one table's commit may take before its outcome counts as unknown
 * @param commitRetry how one table's commit is brought to a known end
 * @param atomic whether all tables commit by one request
 * @param commitParallelism tables that commit at the same time
 * @param indexMemoryBytes what all row indexes together may take in memory
 * @param indexDirectory where what of them does not fit goes, and their checkpoints; empty for temporary files only
 * @param waitingMemoryBytes what rows that wait for unchanged values may take, per table
 * @param compaction how tables are compacted beside the writer
 * @param upkeep what is done about what tables do not need any more
 */
record SinkSettings(
        Namespace namespace,
        int formatVersion,
        WriteMode mode,
        Map<String, String> types,
        boolean cdcColumns,
        boolean softDelete,
        Map<TableId, TableOptions> tables,
        List<Kind> kinds,
        long targetFileSizeBytes,
        int zstdLevel,
        Duration commitTimeout,
        CommitRetry commitRetry,
        boolean atomic,
        int commitParallelism,
        long indexMemoryBytes,
        Optional<Path> indexDirectory,
        long waitingMemoryBytes,
        CompactionOptions compaction,
        Upkeep upkeep) {

    /**
     * Options of many tables.
     *
     * @param includes which
     * @param options never with a target
     */
    record Kind(Predicate<TableId> includes, TableOptions options) {}

    SinkSettings {
        types = Map.copyOf(types);
        tables = Map.copyOf(tables);
        kinds = List.copyOf(kinds);
    }

    /** An empty place for the indexes of all tables. */
    IndexMemory indexMemory() {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"), "philotes-index");
        return new IndexMemory(indexMemoryBytes, indexDirectory.orElse(temporary));
    }

    /** Where a table's index is kept for the next start; empty when it is not. */
    Optional<IndexCheckpoint> indexCheckpoint(TargetTable target, List<Integer> keyFieldIds, boolean isLong) {
        return indexDirectory.map(directory -> new IndexCheckpoint(directory, target, keyFieldIds, isLong));
    }

    TableOptions options(TableId table) {
        TableOptions own = tables.get(table);
        return own != null
                ? own
                : kinds.stream()
                        .filter(kind -> kind.includes().test(table))
                        .map(Kind::options)
                        .findFirst()
                        .orElse(TableOptions.DEFAULTS);
    }

    TypePolicy policy(TableId table) {
        return TypeChoice.policy(types, options(table).types());
    }

    WriteMode modeOf(TableId table) {
        return options(table).mode().orElse(mode);
    }

    RowMode rowMode(TableId table) {
        TableOptions own = options(table);
        if (modeOf(table) == WriteMode.APPEND) {
            return RowMode.APPEND;
        }
        if (own.softDelete().orElse(softDelete)) {
            return RowMode.UPSERT_SOFT_DELETE;
        }
        return own.cdcColumns().orElse(cdcColumns) ? RowMode.UPSERT_CDC : RowMode.UPSERT;
    }
}
