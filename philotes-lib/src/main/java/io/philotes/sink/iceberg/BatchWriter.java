// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.error.Recovery;
import io.philotes.metrics.PipelineMetrics.SchemaAction;
import io.philotes.model.ChangeBatch;
import io.philotes.model.ChangeCursor;
import io.philotes.model.RelationSchema;
import io.philotes.model.SequenceNumber;
import io.philotes.model.TableId;
import io.philotes.sink.Divergence;
import io.philotes.sink.ParkedRow;
import io.philotes.sink.Rejection;
import io.philotes.sink.WriteResult;
import io.philotes.sink.iceberg.internal.call.Worker;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Takes the changes of one batch to their tables. A table with a refused change is dropped from the active ones. */
final class BatchWriter {

    private final Map<TableId, MirroredTable> tables;
    private final OpenFileMemory memory;
    private final List<Rejection> rejections = new ArrayList<>();
    private final List<Divergence> divergences = new ArrayList<>();
    private final Map<RelationSchema, Optional<MirroredTable>> found = new IdentityHashMap<>();

    BatchWriter(Map<TableId, MirroredTable> tables) {
        this(tables, OpenFileMemory.ofThisHeap());
    }

    BatchWriter(Map<TableId, MirroredTable> tables, OpenFileMemory memory) {
        this.tables = tables;
        this.memory = memory;
    }

    WriteResult write(ChangeBatch batch) throws InterruptedException {
        ChangeCursor cursor = batch.cursor();
        while (cursor.next()) {
            Worker.step();
            switch (cursor.kind()) {
                case BEGIN, COMMIT -> {}
                case TRUNCATE -> cursor.truncated().forEach(relation -> take(cursor, relation));
                default -> take(cursor, cursor.relation());
            }
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while writing a batch");
            }
        }
        List.copyOf(tables.values()).forEach(this::followPicture);
        memory.keepWithin(tables.values());
        List<ParkedRow> parked = new ArrayList<>();
        Map<TableId, SequenceNumber> voided = new TreeMap<>();
        for (MirroredTable table : tables.values()) {
            divergences.addAll(table.takeDivergences());
            parked.addAll(table.writer().parking().takeUntold());
            table.writer().parking().takeVoided().ifPresent(at -> voided.put(table.source(), at));
        }
        return new WriteResult(rejections, divergences, parked, voided);
    }

    private void take(ChangeCursor cursor, RelationSchema relation) {
        MirroredTable table = found.computeIfAbsent(relation, this::find).orElse(null);
        if (table == null || !table.needs(cursor.commitLsnValue())) {
            return;
        }
        try {
            if (cursor.kind() == ChangeCursor.Kind.NOTICE) {
                table.notice(cursor, relation);
            } else {
                table.change(cursor, relation);
            }
        } catch (PhilotesException e) {
            reject(table, new SequenceNumber(cursor.commitLsn(), cursor.ordinal()), e);
        }
    }

    private void followPicture(MirroredTable table) {
        try {
            table.followPicture();
        } catch (PhilotesException e) {
            reject(table, table.picturedAt(), e);
        }
    }

    /** By oid: under the name of a renamed table there may be another one. By name: the table may have been made anew. */
    private Optional<MirroredTable> find(RelationSchema relation) {
        Optional<MirroredTable> named = Optional.ofNullable(tables.get(relation.table()));
        if (named.filter(table -> table.oid() == relation.oid()).isPresent()) {
            return named;
        }
        return tables.values().stream()
                .filter(table -> table.oid() == relation.oid() && relation.oid() != 0)
                .findFirst()
                .or(() -> named);
    }

    private void reject(MirroredTable table, SequenceNumber at, PhilotesException failure) {
        if (failure.recovery() != Recovery.DEAD_LETTER && failure.recovery() != Recovery.HOLD_TABLE) {
            throw failure;
        }
        divergences.addAll(table.takeDivergences());
        PhilotesException named = failure.table().isPresent() ? failure : failure.inTable(table.source());
        rejections.add(new Rejection(table.source(), at, named));
        tell(table, failure);
        tables.remove(table.source());
        found.clear();
        table.drop();
    }

    private static void tell(MirroredTable table, PhilotesException failure) {
        if (failure.code() == ErrorCode.SCHEMA_CHANGE || failure.code() == ErrorCode.RESYNC_NEEDED) {
            boolean held = failure.code() == ErrorCode.SCHEMA_CHANGE;
            table.target()
                    .context()
                    .metrics()
                    .schemaChanged(table.source(), "other", held ? SchemaAction.HELD : SchemaAction.RESYNC);
        }
    }
}
