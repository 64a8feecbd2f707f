// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.error.Recovery;
import io.philotes.model.ChangeBatch;
import io.philotes.model.ChangeCursor;
import io.philotes.model.RelationSchema;
import io.philotes.model.SequenceNumber;
import io.philotes.model.TableId;
import io.philotes.sink.Divergence;
import io.philotes.sink.Rejection;
import io.philotes.sink.WriteResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Takes the changes of one batch to their tables. A table with a refused change is dropped from the active ones. */
final class BatchWriter {

    private final Map<TableId, MirroredTable> tables;
    private final List<Rejection> rejections = new ArrayList<>();
    private final List<Divergence> divergences = new ArrayList<>();
    private RelationSchema lastRelation;
    private MirroredTable lastTable;

    BatchWriter(Map<TableId, MirroredTable> tables) {
        this.tables = tables;
    }

    WriteResult write(ChangeBatch batch) throws InterruptedException {
        ChangeCursor cursor = batch.cursor();
        while (cursor.next()) {
            Worker.step();
            switch (cursor.kind()) {
                case BEGIN, COMMIT, NOTICE -> {}
                case TRUNCATE -> cursor.truncated().forEach(relation -> change(cursor, relation));
                default -> change(cursor, cursor.relation());
            }
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while writing a batch");
            }
        }
        tables.values().forEach(table -> divergences.addAll(table.takeDivergences()));
        return new WriteResult(rejections, divergences);
    }

    private void change(ChangeCursor cursor, RelationSchema relation) {
        MirroredTable table = tableOf(relation);
        if (table == null || !table.needs(cursor.commitLsnValue())) {
            return;
        }
        try {
            if (table.relation() != relation) {
                meet(table, relation, new SequenceNumber(cursor.commitLsn(), cursor.ordinal()));
            }
            apply(table.writer(), cursor);
        } catch (PhilotesException e) {
            reject(table, cursor, e);
        }
    }

    private MirroredTable tableOf(RelationSchema relation) {
        if (relation != lastRelation) {
            lastRelation = relation;
            lastTable = tables.get(relation.table());
            if (lastTable == null) {
                lastTable = tables.values().stream()
                        .filter(t -> t.oid() == relation.oid() && relation.oid() != 0)
                        .findFirst()
                        .orElse(null);
            }
        }
        return lastTable;
    }

    private static void meet(MirroredTable table, RelationSchema relation, SequenceNumber at) {
        if (!relation.equals(table.relation())) {
            requireSameTable(table, relation);
            table.evolver().follow(relation, at, table.writer());
            table.writer().use(relation);
        }
        table.relation(relation);
    }

    private static void requireSameTable(MirroredTable table, RelationSchema relation) {
        if (!relation.table().equals(table.source())) {
            throw new PhilotesException(
                            ErrorCode.SCHEMA_CHANGE, "Cannot follow the table: it was renamed to " + relation.table())
                    .inTable(table.source());
        }
        if (relation.oid() != table.oid()) {
            throw new PhilotesException(
                            ErrorCode.SCHEMA_CHANGE, "Cannot follow the table: it was dropped and created again")
                    .inTable(table.source());
        }
    }

    private static void apply(TableWriter writer, ChangeCursor cursor) {
        switch (cursor.kind()) {
            case INSERT -> writer.insert(cursor);
            case UPDATE -> writer.update(cursor);
            case DELETE -> writer.delete(cursor);
            case TRUNCATE -> writer.truncate(cursor);
            case BEGIN, COMMIT, NOTICE -> throw new IllegalArgumentException("not a change: " + cursor.kind());
        }
    }

    private void reject(MirroredTable table, ChangeCursor cursor, PhilotesException failure) {
        if (failure.recovery() != Recovery.DEAD_LETTER && failure.recovery() != Recovery.HOLD_TABLE) {
            throw failure;
        }
        divergences.addAll(table.takeDivergences());
        rejections.add(
                new Rejection(table.source(), new SequenceNumber(cursor.commitLsn(), cursor.ordinal()), failure));
        tables.remove(table.source());
        lastRelation = null;
        table.drop();
    }
}
