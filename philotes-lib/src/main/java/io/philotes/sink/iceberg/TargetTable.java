// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.TableId;
import io.philotes.sink.SinkContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NoSuchTableException;

/**
 * One open Iceberg table that this pipeline owns, and the table snapshot that the state in memory mirrors. Mutable,
 * confined to the thread that works on the table, but for {@link #renewed}.
 */
final class TargetTable {

    /** How Iceberg's own table operations tell, without a type, that they met another table. */
    private static final String OTHER_UUID = "Table UUID does not match";

    private final TableId source;
    private final TableIdentifier name;
    private final SinkContext context;
    private final Supplier<Table> loading;
    private final UUID uuid;
    private final ExecutorService manifests;
    private final SnapshotKeeper keeper;
    private volatile Table table; // the threads of a table copy renew it too
    private Long head;

    /** {@code loading} asks the catalog for the table once more. */
    TargetTable(
            TableId source,
            TableIdentifier name,
            SinkContext context,
            Table table,
            Supplier<Table> loading,
            ExecutorService manifests,
            SnapshotKeeper keeper) {
        this.loading = loading;
        this.source = source;
        this.name = name;
        this.context = context;
        this.table = table;
        this.manifests = manifests;
        this.keeper = keeper;
        this.uuid = table.uuid();
        this.head = table.currentSnapshot() == null
                ? null
                : (Long) table.currentSnapshot().snapshotId();
    }

    TableId source() {
        return source;
    }

    TableIdentifier name() {
        return name;
    }

    SinkContext context() {
        return context;
    }

    Table table() {
        return table;
    }

    /**
     * The table, loaded anew when the keys to the storage that came with it end soon and nobody renews them. To be asked where
     * something begins that takes its time; what others did meanwhile is in the metadata then, as after a refresh.
     *
     * @throws PhilotesException CATALOG_UNREACHABLE, TABLE_ROLLED_BACK when it is another table
     */
    Table renewed() {
        if (StorageKeys.endSoon(table.io(), context.clock().instant())) {
            renew();
        }
        return table;
    }

    private synchronized void renew() {
        if (StorageKeys.endSoon(table.io(), context.clock().instant())) {
            Table fresh = loading.get();
            if (!uuid.equals(fresh.uuid())) {
                throw gone(null);
            }
            table = fresh;
        }
    }

    /** The threads for manifests; see {@link ManifestThreads}. */
    ExecutorService manifests() {
        return manifests;
    }

    UUID uuid() {
        return uuid;
    }

    /** What decides on the table's older table snapshots. */
    SnapshotKeeper keeper() {
        return keeper;
    }

    /** The table snapshot that the state in memory mirrors; null before the first. */
    Long head() {
        return head;
    }

    void mirrors(Long snapshotId) {
        head = snapshotId;
    }

    Map<String, String> properties() {
        return table.properties();
    }

    Optional<Marker> marker() {
        return Marker.in(properties());
    }

    /**
     * The position that stands in the table; empty when it was never loaded. Properties survive a rollback, table snapshots
     * do not: so the newest own marker in the snapshots must not be older, and the head must come from its commit. It must not
     * be newer either: a tool may keep properties as they were declared, and what came since would be written twice.
     *
     * @throws PhilotesException TABLE_ROLLED_BACK
     */
    Optional<Lsn> provenPosition() {
        Optional<Marker> standing = marker();
        if (standing.isEmpty()) {
            return Optional.empty();
        }
        Lsn position = standing.get().endLsn();
        Optional<Lsn> newest =
                Ancestry.of(table, null).newestOf(context.pipelineId()).map(Marker::endLsn);
        boolean rolledBack = newest.isPresent() ? newest.get().isBefore(position) : table.currentSnapshot() == null;
        if (rolledBack || standing() == Standing.Proof.LOST) {
            throw rolledBack();
        }
        newest.filter(position::isBefore).ifPresent(further -> {
            throw setBack(position, further);
        });
        return Optional.of(position);
    }

    private Standing.Proof standing() {
        return Standing.in(properties())
                .map(standing -> standing.proofIn(table))
                .orElse(Standing.Proof.STANDS);
    }

    private PhilotesException rolledBack() {
        return new PhilotesException(
                        ErrorCode.TABLE_ROLLED_BACK,
                        "Cannot go on: the target was rolled back or re-created by somebody else")
                .inTable(source);
    }

    private PhilotesException setBack(Lsn position, Lsn newest) {
        return new PhilotesException(
                        ErrorCode.TABLE_ROLLED_BACK,
                        "Cannot go on: somebody else set the target's properties back, " + Marker.END_LSN + " says "
                                + position + ", and the newest commit " + newest)
                .inTable(source);
    }

    /** Why the table may differ from its source: what was noted in it, and what others did since our newest commit. */
    List<String> knownDivergences() {
        List<String> reasons = new ArrayList<>();
        TargetProperties.diverged(properties()).ifPresent(reasons::add);
        if (standing() == Standing.Proof.UNKNOWN) {
            reasons.add("others expired so much that nobody can tell whether they rolled the target back");
        }
        Ancestry.of(table, null)
                .foreignChangesSinceOurs(context.pipelineId())
                .forEach(operation -> reasons.add("another writer changed the target: " + operation));
        return reasons;
    }

    /** Reads the table's newest metadata; throws what the catalog throws, or TABLE_ROLLED_BACK when it is another table. */
    void refresh() {
        try {
            table.refresh();
        } catch (NoSuchTableException e) {
            throw gone(e);
        } catch (IllegalStateException e) {
            if (String.valueOf(e.getMessage()).startsWith(OTHER_UUID)) {
                throw gone(e);
            }
            throw e;
        }
        if (!uuid.equals(table.uuid())) {
            throw gone(null);
        }
    }

    PhilotesException gone(Throwable cause) {
        return gone(source, cause);
    }

    static PhilotesException gone(TableId source, Throwable cause) {
        return new PhilotesException(
                        ErrorCode.TABLE_ROLLED_BACK, "Cannot go on: the target was dropped or re-created", cause)
                .inTable(source);
    }

    /** Refuses to go on in a table that passed to somebody else, or that another instance of this pipeline moved. */
    void requireOurs(Ancestry ancestry, Marker ours) {
        requireOwner(source, properties(), context.pipelineId());
        requireColumns();
        Optional<Marker> other = ancestry.newestOf(context.pipelineId());
        long epoch = Math.max(
                other.map(Marker::epoch).orElse(0L), marker().map(Marker::epoch).orElse(0L));
        requireEpoch(epoch);
        boolean landed =
                marker().map(Marker::batchId).filter(ours.batchId()::equals).isPresent();
        boolean leftBehind = !ancestry.reached() && table.snapshot(head) != null;
        // Where the walk ended at what has expired, what is not on the way may be behind it.
        boolean provenLost = !ancestry.endsAtExpired() || standing() == Standing.Proof.LOST;
        if ((landed || leftBehind) && provenLost) {
            throw rolledBack();
        }
        if (other.isPresent() || !ancestry.reached()) {
            throw new PhilotesException(
                            ErrorCode.COMMIT_REFUSED,
                            other.isPresent()
                                    ? "Cannot commit: another instance of the pipeline moved the target"
                                    : "Cannot commit: the table snapshot that it was planned on, or its own, has expired")
                    .inTable(source);
        }
    }

    /** Throws TARGET_UNUSABLE when a column that this pipeline fills was dropped by somebody else. */
    void requireColumns() {
        TargetProperties.columns(properties()).values().forEach(fieldId -> {
            if (table.schema().findField(fieldId) == null) {
                throw dropped("with field id " + fieldId);
            }
        });
        TargetProperties.rowMode(properties()).cdcColumns().keySet().forEach(name -> {
            if (table.schema().findField(name) == null) {
                throw dropped(name);
            }
        });
    }

    private PhilotesException dropped(String column) {
        return new PhilotesException(
                        ErrorCode.TARGET_UNUSABLE,
                        "Cannot write to the target: somebody else dropped its column " + column)
                .inTable(source)
                .hinting("the table must be copied again");
    }

    /**
     * Operations of others that changed content since the state in memory was read. Throws COMMIT_REFUSED when this pipeline
     * moved the table too, or nobody can tell: then the position that was read is old.
     */
    List<String> foreignChanges() {
        Ancestry ancestry = Ancestry.of(table, head);
        if (!ancestry.reached() || ancestry.newestOf(context.pipelineId()).isPresent()) {
            throw new PhilotesException(
                            ErrorCode.COMMIT_REFUSED, "Cannot go on: the target moved since its position was read")
                    .inTable(source);
        }
        return ancestry.foreignChanges(context.pipelineId());
    }

    /** Throws FENCED when the table was written by a newer start of this pipeline. */
    void requireEpoch(long seen) {
        if (seen > context.epoch()) {
            throw new PhilotesException(
                            ErrorCode.FENCED,
                            "Cannot write: epoch " + seen + " of this pipeline wrote to the target, ours is "
                                    + context.epoch())
                    .inTable(source);
        }
    }

    /** A position that went back would bring changes again that are in the table. */
    void requireForward(Lsn upTo) {
        if (marker().filter(standing -> standing.endLsn().isAfter(upTo)).isPresent()) {
            throw new PhilotesException(ErrorCode.DEFECT, "Cannot commit: the table is further than that")
                    .inTable(source);
        }
    }

    /** Throws unless the table's owner property names the pipeline. */
    static void requireOwner(TableId source, Map<String, String> properties, String pipelineId) {
        String owner = properties.get(TargetProperties.OWNER);
        if (owner == null) {
            throw new PhilotesException(
                            ErrorCode.TARGET_UNUSABLE, "Cannot write to the target: it was not created by Philotes")
                    .inTable(source);
        }
        if (!owner.equals(pipelineId)) {
            throw new PhilotesException(
                            ErrorCode.FOREIGN_OWNER, "Cannot write to the target: pipeline " + owner + " owns it")
                    .inTable(source);
        }
    }

    /**
     * Throws unless the target's rows are this source table's, or of one that had its name before it: a table copy replaces
     * those, and must never replace the rows of another table.
     */
    static void requireSource(RelationSchema relation, Map<String, String> properties) {
        otherSource(relation, properties).ifPresent(other -> {
            throw new PhilotesException(
                            ErrorCode.TARGET_UNUSABLE,
                            "Cannot write to the target: it holds the rows of table " + other)
                    .inTable(relation.table())
                    .hinting("give the table a target of its own, or drop the target when its rows are not wanted");
        });
    }

    /** The source table whose rows the target holds, when that is neither the relation nor one of its name. */
    static Optional<String> otherSource(RelationSchema relation, Map<String, String> properties) {
        String name = properties.get(TargetProperties.SOURCE_TABLE);
        boolean same = TargetProperties.holdsRowsOf(relation, properties)
                || relation.table().toString().equals(name);
        return same ? Optional.empty() : Optional.ofNullable(name);
    }
}
