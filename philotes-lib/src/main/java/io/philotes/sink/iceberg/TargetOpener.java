// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.RelationSchema;
import io.philotes.model.TableId;
import io.philotes.sink.SinkContext;
import io.philotes.sink.iceberg.internal.call.MaintenanceThread;
import io.philotes.sink.iceberg.internal.call.Worker;
import io.philotes.sink.iceberg.internal.index.IndexMemory;
import io.philotes.sink.iceberg.internal.value.RowMode;
import io.philotes.sink.iceberg.internal.value.SchemaMapper;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.apache.iceberg.BaseMetadataTable;
import org.apache.iceberg.MetadataTableType;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;

/** Finds and creates target tables. Stateless but for its catalog. */
final class TargetOpener {

    /** What to do about {@link #rowProblem}. */
    static final String COPY_AGAIN = "resync the table: a table copy replaces its content; or set the options back";

    private final ExecutorService manifests = ManifestThreads.create();
    private final Catalog catalog;
    private final SinkSettings settings;
    private final TargetNames names;
    private final MaintenanceThread maintenance;
    private final SnapshotKeeper keeper;

    TargetOpener(Catalog catalog, SinkSettings settings) {
        this.maintenance = new MaintenanceThread(settings.namespace().toString(), settings.commitTimeout());
        this.catalog = catalog;
        this.settings = settings;
        this.names = new TargetNames(settings);
        this.keeper = new SnapshotKeeper(settings.upkeep().snapshots());
    }

    /** The table's metadata as the catalog has it; empty when there is no table. Throws CATALOG_UNREACHABLE. */
    Optional<Table> find(TableId source) {
        TableIdentifier target = names.target(source);
        try {
            Worker.step();
            return Optional.of(catalog.loadTable(target)).filter(found -> !(found instanceof BaseMetadataTable));
        } catch (NoSuchTableException | NoSuchNamespaceException e) {
            return Optional.empty();
        } catch (PhilotesException e) {
            throw e;
        } catch (RuntimeException e) {
            if (isMissing(target)) {
                return Optional.empty();
            }
            throw new PhilotesException(ErrorCode.CATALOG_UNREACHABLE, "Cannot load the target: " + e.getMessage(), e)
                    .inTable(source);
        }
    }

    /**
     * Where there is no table of a name such as {@code history}, Iceberg looks for the history of a table named as the
     * namespace is. A REST server that is asked for a table without a namespace may say anything.
     */
    private boolean isMissing(TableIdentifier target) {
        try {
            return MetadataTableType.from(target.name()) != null && !catalog.tableExists(target);
        } catch (RuntimeException e) {
            return false;
        }
    }

    /** The same of a table that was there a moment ago. Throws TABLE_ROLLED_BACK as well. */
    private Table required(TableId source) {
        return find(source).orElseThrow(() -> TargetTable.gone(source, null));
    }

    /** A table that exists and that this pipeline may write to as it is; throws why it may not. */
    TargetTable open(TableId source, Table table, SinkContext context) {
        TargetTable target = openAnyRows(source, table, context);
        rowProblem(source, table).ifPresent(problem -> {
            throw new PhilotesException(ErrorCode.TARGET_UNUSABLE, "Cannot write to the target: " + problem)
                    .inTable(source)
                    .hinting(COPY_AGAIN);
        });
        return target;
    }

    /** Why the rows that the table holds are not of the kind that the configuration asks for; empty when they are. */
    Optional<String> rowProblem(TableId source, Table table) {
        RowMode has = TargetProperties.rowMode(table.properties());
        RowMode wanted = rowMode(source);
        return has == wanted
                ? Optional.empty()
                : Optional.of("it holds rows of mode " + described(has) + ", and mode " + described(wanted)
                        + " is asked for");
    }

    private static String described(RowMode mode) {
        return switch (mode) {
            case APPEND -> "append";
            case UPSERT -> "upsert";
            case UPSERT_CDC, UPSERT_SOFT_DELETE -> "upsert with " + TargetProperties.rowOptionsText(mode);
        };
    }

    /** The same for a table whose rows are asked about, or replaced: their row options may be others. */
    TargetTable openAnyRows(TableId source, Table table, SinkContext context) {
        TargetTable.requireOwner(source, table.properties(), context.pipelineId());
        String mode = table.properties().getOrDefault(TargetProperties.MODE, "");
        if (!mode.equalsIgnoreCase(settings.modeOf(source).name())) {
            throw new PhilotesException(
                            ErrorCode.TARGET_UNUSABLE, "Cannot write to the target: it was created for mode " + mode)
                    .inTable(source);
        }
        TargetTable target = new TargetTable(
                source, names.target(source), context, table, () -> required(source), manifests, keeper);
        target.marker().ifPresent(marker -> target.requireEpoch(marker.epoch()));
        return target;
    }

    /**
     * Creates the table, and the namespace when there is none. One that is there all of a sudden is returned as it is: a client
     * that sends a creation again, because the reply was lost, is told so of its own. Whose it is, {@link #openAnyRows} looks at.
     */
    Table create(RelationSchema relation, SinkContext context) {
        TableIdentifier target = names.target(relation.table());
        Schema schema = SchemaMapper.schema(relation, rowMode(relation.table()), settings.policy(relation.table()));
        requireColumns(relation);
        try {
            Worker.sending();
            createNamespace();
            PartitionSpec spec = PartitionField.spec(
                    schema, settings.options(relation.table()).partitionBy());
            Map<String, String> properties = TargetProperties.atCreation(settings, context, relation.table());
            Transaction creation = catalog.newCreateTableTransaction(target, schema, spec, properties);
            Map<Integer, Integer> fieldIds =
                    SchemaMapper.fieldIds(relation, creation.table().schema(), rowMode(relation.table()));
            creation.updateProperties()
                    .set(TargetProperties.COLUMNS, TargetProperties.columnsText(fieldIds))
                    .set(TargetProperties.SOURCE_OID, TargetProperties.oidText(relation))
                    .set(ColumnTypes.PROPERTY, ColumnTypes.of(relation).text())
                    .commit();
            creation.commitTransaction();
            Worker.answered();
            return catalog.loadTable(target);
        } catch (IllegalArgumentException e) {
            throw new PhilotesException(
                            ErrorCode.INVALID_CONFIGURATION, "Cannot create the target: " + e.getMessage(), e)
                    .inTable(relation.table());
        } catch (AlreadyExistsException e) {
            return made(relation.table(), e);
        } catch (PhilotesException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new PhilotesException(ErrorCode.CATALOG_UNREACHABLE, "Cannot create the target: " + e.getMessage(), e)
                    .inTable(relation.table());
        }
    }

    private Table made(TableId source, AlreadyExistsException refusal) {
        Worker.answered();
        return find(source)
                .orElseThrow(() -> new PhilotesException(
                                ErrorCode.TARGET_UNUSABLE, "Cannot create the target: " + refusal.getMessage(), refusal)
                        .inTable(source));
    }

    private void requireColumns(RelationSchema relation) {
        List<String> missing = settings.policy(relation.table()).missing(relation);
        if (!missing.isEmpty()) {
            throw new PhilotesException(
                            ErrorCode.INVALID_CONFIGURATION,
                            "Cannot create the target: a type is chosen for columns that are not there: "
                                    + String.join(", ", missing))
                    .inTable(relation.table());
        }
    }

    void createNamespace() {
        Namespace namespace = settings.namespace();
        if (catalog instanceof SupportsNamespaces namespaces && !namespaces.namespaceExists(namespace)) {
            try {
                namespaces.createNamespace(namespace);
            } catch (AlreadyExistsException e) {
                return;
            }
        }
    }

    SnapshotKeeper keeper() {
        return keeper;
    }

    RowMode rowMode(TableId source) {
        return settings.rowMode(source);
    }

    /** A writer for an open table, by its mode and whether it has a key. */
    TableWriter writer(TargetTable target, IndexMemory indexes) {
        LandedFiles.tellSize(target);
        if (settings.modeOf(target.source()) == WriteMode.APPEND) {
            return new HistoryWriter(target, settings, indexes);
        }
        boolean keyed = !target.table().schema().identifierFieldIds().isEmpty();
        return keyed ? new UpsertWriter(target, settings, indexes) : new MultisetWriter(target, settings, indexes);
    }

    /** Waits a moment until what was cancelled has removed its files. */
    void awaitMaintenance() {
        maintenance.await();
    }

    /** What is done to a writer's table beside its changes. */
    TableMaintenance maintenance(TableWriter writer) {
        if (!settings.compaction().enabled()) {
            return TableMaintenance.NONE;
        }
        TableId source = writer.target().source();
        return new TableCompaction(writer, settings, maintenance, () -> required(source));
    }
}
