// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import io.philotes.sink.iceberg.CommitRetry;
import io.philotes.sink.iceberg.IcebergSink;
import io.philotes.sink.iceberg.IcebergSinkBuilder;
import io.philotes.sink.iceberg.TableOptions;
import io.philotes.source.postgres.TablePattern;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.catalog.Catalog;

/** Makes sinks. */
final class SinkFactory {

    private SinkFactory() {}

    static IcebergSink sink(
            Catalog catalog,
            String name,
            PipelineConfig pipeline,
            DestinationConfig destination,
            Optional<Path> indexDirectory) {
        TableDefaults defaults = destination.defaults();
        IcebergSinkBuilder builder = IcebergSink.builder(catalog)
                .namespace(Targets.namespace(name, pipeline))
                .formatVersion(defaults.formatVersion())
                .commitTimeout(pipeline.commit().timeout())
                .commitRetry(CommitRetry.DEFAULT.attempts(pipeline.commit().attempts()))
                .targetFileSizeBytes(defaults.targetFileSize().bytes());
        if (pipeline.commit().atomic()) {
            builder.atomicCommits();
        }
        indexDirectory.ifPresent(builder::indexDirectory);
        pipeline.index().memory().ifPresent(memory -> builder.indexMemoryBytes(memory.bytes()));
        maintain(builder, destination.maintenance());
        pipeline.types().forEach(builder::type);
        for (TableConfig table : pipeline.tables()) {
            if (table.isPattern()) {
                builder.tables(TablePattern.parse(table.table())::matches, options(table));
            } else {
                builder.table(table.id(), options(table));
            }
        }
        return builder.build();
    }

    private static void maintain(IcebergSinkBuilder builder, MaintenanceConfig maintenance) {
        builder.compaction(maintenance.compaction().options());
        SnapshotsConfig snapshots = maintenance.snapshots();
        if (snapshots.expire()) {
            builder.keepSnapshots(snapshots.retention());
        } else {
            builder.keepAllSnapshots();
        }
        OrphansConfig orphans = maintenance.orphans();
        if (orphans.remove()) {
            builder.removeOrphans(orphans.olderThan());
        } else {
            builder.keepOrphans();
        }
    }

    private static TableOptions options(TableConfig table) {
        TableOptions options = TableOptions.DEFAULTS
                .mode(table.mode())
                .partitionBy(table.partitionBy().toArray(String[]::new));
        for (Map.Entry<String, String> type : table.columns().types().entrySet()) {
            options = options.type(type.getKey(), type.getValue());
        }
        if (table.softDelete()) {
            options = options.withSoftDelete();
        }
        if (table.cdcColumns()) {
            options = options.withCdcColumns();
        }
        return table.target().map(options::target).orElse(options);
    }
}
