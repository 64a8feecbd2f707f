// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.metrics.PipelineMetrics;
import io.philotes.metrics.PipelineMetrics.SchemaAction;
import io.philotes.model.RelationSchema;
import io.philotes.model.SequenceNumber;
import io.philotes.sink.iceberg.internal.call.Worker;
import io.philotes.sink.iceberg.internal.value.RowMode;
import io.philotes.sink.iceberg.internal.value.TypePolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;

/**
 * Lets a table's schema follow the source's relation versions, each change in a commit of its own before the data that
 * needs it. The place where the newest version was first applied stands in the table: a version that a replay brings again
 * from before it changes nothing, so columns never come back. Confined to the thread that works on the table.
 */
final class SchemaEvolver {

    private static final int MAX_ATTEMPTS = 5;

    private final TargetTable target;
    private final RowMode mode;
    private final TypePolicy policy;

    SchemaEvolver(TargetTable target, RowMode mode, TypePolicy policy) {
        this.target = target;
        this.mode = mode;
        this.policy = policy;
    }

    /**
     * Makes the table fit a relation version first met at a change.
     *
     * @throws PhilotesException RESYNC_NEEDED when the rows must be copied again, SCHEMA_CHANGE when Iceberg refuses,
     *     CATALOG_UNREACHABLE
     */
    void follow(RelationSchema relation, SequenceNumber at, TableWriter writer) {
        requireSameKey(relation);
        Optional<SequenceNumber> newest = TargetProperties.schemaLsn(target.properties());
        if (newest.isPresent() && at.compareTo(newest.get()) < 0) {
            return;
        }
        SchemaDiff diff = diff(relation);
        if (isNoted(relation, diff)) {
            return;
        }
        writer.closeOpen();
        for (int attempt = 1; !isNoted(relation, diff); attempt++) {
            if (attempt > MAX_ATTEMPTS) {
                throw new PhilotesException(
                                ErrorCode.CATALOG_UNREACHABLE,
                                "Cannot change the target's schema: others change it too")
                        .inTable(target.source());
            }
            OlderRows older = OlderRows.of(diff.added().keySet(), target.table(), writer);
            List<String> reasons = reasons(relation, older);
            commit(relation, diff, older, at, reasons);
            requireStillOurs(at);
            reasons.forEach(writer.divergences()::add);
            diff = diff(relation);
        }
    }

    /**
     * Makes the table fit a relation version that it has been given already, for the choice of types may be another now.
     * Leaves a version alone that is not the table's newest, as after a crash before its first rows were committed.
     */
    void followMapping(RelationSchema relation, SequenceNumber at, TableWriter writer) {
        if (ColumnTypes.of(relation).equals(ColumnTypes.in(target.properties()))
                && diff(relation).changesTypesOnly()) {
            follow(relation, at, writer);
        }
    }

    /** A newer instance may have taken the schema further: to go on would bring dropped columns back, or drop new ones. */
    private void requireStillOurs(SequenceNumber at) {
        TargetTable.requireOwner(
                target.source(), target.properties(), target.context().pipelineId());
        target.marker().ifPresent(marker -> target.requireEpoch(marker.epoch()));
        Optional<SequenceNumber> newest = TargetProperties.schemaLsn(target.properties());
        if (newest.isPresent() && newest.get().compareTo(at) > 0) {
            throw new PhilotesException(
                            ErrorCode.COMMIT_REFUSED,
                            "Cannot change the target's schema: another instance of the pipeline took it further")
                    .inTable(target.source());
        }
    }

    /** A choice of types can be set back, so that kept changes fit again; a type of the source cannot, its rows are others. */
    private SchemaDiff diff(RelationSchema relation) {
        try {
            return SchemaDiff.between(
                    target.table().schema(), TargetProperties.columns(target.properties()), relation, mode, policy);
        } catch (PhilotesException e) {
            if (ColumnTypes.in(target.properties()).differ(relation)) {
                throw Resync.needed(target, e);
            }
            throw e;
        }
    }

    private boolean isNoted(RelationSchema relation, SchemaDiff diff) {
        return diff.isEmpty() && ColumnTypes.of(relation).equals(ColumnTypes.in(target.properties()));
    }

    /** What of this change the stream does not tell, so that older rows may differ; a history's older rows stay right. */
    private List<String> reasons(RelationSchema relation, OlderRows older) {
        List<String> reasons = new ArrayList<>();
        if (mode.mirrors()) {
            reasons.addAll(ColumnTypes.in(target.properties()).rewrittenBy(relation));
            reasons.addAll(older.wrong());
        }
        return reasons;
    }

    /** Under another key the rows that are there could not be found. */
    private void requireSameKey(RelationSchema relation) {
        if (!mode.mirrors()) {
            return;
        }
        if (relation.columns().isEmpty()) {
            throw Resync.needed(target, "its last column was dropped");
        }
        Map<Integer, Integer> fieldIds = TargetProperties.columns(target.properties());
        Set<Integer> now = attnums(relation).stream()
                .map(attnum -> fieldIds.getOrDefault(attnum, -1))
                .collect(Collectors.toSet());
        Schema schema = target.table().schema();
        if (!now.equals(schema.identifierFieldIds())) {
            List<String> names = relation.keyColumns().stream()
                    .map(key -> relation.columns().get(key).name())
                    .toList();
            throw otherKey(relation, "from " + schema.identifierFieldNames() + " to " + names);
        }
    }

    private PhilotesException otherKey(RelationSchema relation, String fromTo) {
        boolean sameAtSource = SourcePicture.in(target.properties())
                .filter(known -> attnums(known.relation()).equals(attnums(relation)))
                .isPresent();
        if (sameAtSource) {
            return new PhilotesException(
                            ErrorCode.SCHEMA_CHANGE,
                            "Cannot write to the target: somebody else changed its identifier fields, " + fromTo
                                    + " would be ours")
                    .inTable(target.source())
                    .hinting("set them back, or " + Resync.command(target));
        }
        return Resync.needed(target, "its key (primary key or replica identity) changed " + fromTo);
    }

    private static Set<Integer> attnums(RelationSchema relation) {
        return relation.keyColumns().stream()
                .map(key -> relation.columns().get(key).attnum())
                .collect(Collectors.toSet());
    }

    private void commit(
            RelationSchema relation, SchemaDiff diff, OlderRows older, SequenceNumber at, List<String> reasons) {
        Worker.sending();
        try {
            Transaction transaction = target.table().newTransaction();
            if (!diff(relation).equals(diff)) {
                // To begin a transaction reads the newest schema, and somebody changed it: the caller looks again.
                return;
            }
            SchemaChange.changeExisting(transaction, diff);
            SchemaChange.add(transaction, diff, policy, older.defaults());
            Map<Integer, Integer> fieldIds =
                    SchemaChange.fieldIds(transaction, TargetProperties.columns(target.properties()), diff);
            transaction
                    .updateProperties()
                    .set(TargetProperties.COLUMNS, TargetProperties.columnsText(fieldIds))
                    .set(ColumnTypes.PROPERTY, ColumnTypes.of(relation).text())
                    .set(TargetProperties.SCHEMA_LSN, at.toString())
                    .commit();
            reasons.stream().findFirst().ifPresent(reason -> TargetProperties.noteDivergence(transaction, reason));
            transaction.commitTransaction();
            tell(diff);
        } catch (ValidationException | IllegalArgumentException e) {
            throw new PhilotesException(
                            ErrorCode.SCHEMA_CHANGE, "Cannot change the target's schema: " + e.getMessage(), e)
                    .inTable(target.source())
                    .hinting("remove from the target what stands in the way, such as a partition field; or "
                            + Resync.command(target));
        } catch (CommitFailedException e) {
            target.refresh();
        } catch (RuntimeException e) {
            refreshAfter(e);
        } finally {
            Worker.answered();
        }
    }

    private void tell(SchemaDiff diff) {
        PipelineMetrics metrics = target.context().metrics();
        diff.words().forEach(word -> metrics.schemaChanged(target.source(), word, SchemaAction.APPLIED));
    }

    /** Not known whether it was made; what the table now says decides, and only its silence is an error. */
    private void refreshAfter(RuntimeException failure) {
        try {
            target.refresh();
        } catch (PhilotesException e) {
            throw e;
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
            throw new PhilotesException(
                            ErrorCode.CATALOG_UNREACHABLE,
                            "Cannot change the target's schema: " + failure.getMessage(),
                            failure)
                    .inTable(target.source());
        }
    }
}
