// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.health.Finding;
import io.philotes.model.ChangeBatch;
import io.philotes.model.ChangeCursor;
import io.philotes.model.ChangeEvent;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.SequenceNumber;
import io.philotes.model.TableId;
import io.philotes.model.TableNotice;
import io.philotes.model.TablePicture;
import io.philotes.model.TupleView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** A consumer in this process as a sink; see {@link Sinks#forEach}. What it was handed is done; a commit only counts it. */
final class ConsumerSink implements Sink {

    private final Consumer<ChangeEvent> consumer;

    /** Where each table that is followed stands: transactions that end at or before it are skipped. */
    private final Map<TableId, Lsn> positions = new HashMap<>();

    /** By oid, the name under which a table was followed last: what comes under another one is not passed over unsaid. */
    private final Map<Integer, TableId> names = new HashMap<>();

    private final Map<TableId, Long> handedOver = new TreeMap<>();

    ConsumerSink(Consumer<ChangeEvent> consumer) {
        this.consumer = Objects.requireNonNull(consumer, "consumer");
    }

    @Override
    public String description() {
        return "a consumer in this process";
    }

    @Override
    public boolean remembersPosition() {
        return false;
    }

    @Override
    public boolean wantsCopies() {
        return false;
    }

    @Override
    public List<Finding> check(String pipeline, List<RelationSchema> tables) {
        return List.of();
    }

    @Override
    public List<TablePlan> plan(String pipeline, List<RelationSchema> tables) {
        return tables.stream()
                .map(table -> new TablePlan(
                        table.table(), description(), "keep", "each change, at least once", List.of(), 0, List.of()))
                .toList();
    }

    @Override
    public void open(SinkContext context) {
        positions.clear();
        names.clear();
        handedOver.clear();
    }

    @Override
    public Optional<Lsn> committedUpTo(RelationSchema table) {
        return Optional.empty();
    }

    @Override
    public void resume(RelationSchema table, Lsn position) {
        follow(table, position);
    }

    private void follow(RelationSchema table, Lsn position) {
        positions.put(table.table(), position);
        names.values().remove(table.table());
        names.put(table.oid(), table.table());
    }

    @Override
    public void suspend(TableId table) {
        positions.remove(table);
        handedOver.remove(table);
    }

    @Override
    public TableLoad load(TablePicture table, Lsn consistentPoint) {
        suspend(table.relation().table());
        return new Beginning(table.relation(), consistentPoint);
    }

    /** No rows, only the place where the table begins. */
    private final class Beginning implements TableLoad {

        private final RelationSchema table;
        private final Lsn place;

        Beginning(RelationSchema table, Lsn place) {
            this.table = table;
            this.place = place;
        }

        @Override
        public RangeWriter writer() {
            return new RangeWriter() {
                @Override
                public void write(TupleView row) {
                    throw new PhilotesException(ErrorCode.DEFECT, "Cannot take a row of a copy: none was wanted");
                }

                @Override
                public void close() {
                    // Nothing to finish.
                }
            };
        }

        @Override
        public void commit() {
            follow(table, place);
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }

    @Override
    public WriteResult write(ChangeBatch batch) {
        Map<TableId, Rejection> rejections = new TreeMap<>();
        ChangeCursor cursor = batch.cursor();
        while (cursor.next()) {
            if (cursor.kind() == ChangeCursor.Kind.NOTICE) {
                note(cursor, rejections);
            } else {
                take(cursor, rejections);
            }
        }
        return new WriteResult(List.copyOf(rejections.values()), List.of());
    }

    private void take(ChangeCursor cursor, Map<TableId, Rejection> rejections) {
        List<ChangeEvent> events = ChangeEvent.at(cursor);
        for (int i = 0; i < events.size(); i++) {
            boolean several = cursor.kind() == ChangeCursor.Kind.TRUNCATE;
            RelationSchema relation = several ? cursor.truncated().get(i) : cursor.relation();
            if (isRenamed(relation)) {
                reject(cursor, names.get(relation.oid()), renamedTo(relation), rejections);
            } else {
                handOver(events.get(i));
            }
        }
    }

    /** Under its name there may be another table, and nobody may ever say that it had this one for a while. */
    private boolean isRenamed(RelationSchema relation) {
        TableId name = names.get(relation.oid());
        return name != null && !name.equals(relation.table());
    }

    private static String renamedTo(RelationSchema relation) {
        return "it was renamed to " + relation.table();
    }

    private void handOver(ChangeEvent event) {
        if (!follows(event.table(), event.origin().at().commitLsn())) {
            return;
        }
        try {
            consumer.accept(event);
        } catch (RuntimeException e) {
            throw new PhilotesException(ErrorCode.CONSUMER_FAILED, "Cannot hand over a change: " + e.getClass(), e)
                    .inTable(event.table())
                    .at(event.origin().at().commitLsn());
        }
        handedOver.merge(event.table(), 1L, Long::sum);
    }

    /** A position is an end, and a transaction's commit lies before its end. */
    private boolean follows(TableId table, Lsn commitLsn) {
        Lsn position = positions.get(table);
        return position != null && !commitLsn.isBefore(position);
    }

    private void note(ChangeCursor cursor, Map<TableId, Rejection> rejections) {
        RelationSchema relation = cursor.relation();
        TableId followed = names.getOrDefault(relation.oid(), relation.table());
        if (cursor.notice() instanceof TableNotice.Undecodable undecodable) {
            reject(cursor, followed, undecodable.reason(), rejections);
        } else if (cursor.notice() instanceof TableNotice.Gone gone) {
            reject(cursor, followed, gone.reason(), rejections);
        } else if (isRenamed(relation)) {
            reject(cursor, followed, renamedTo(relation), rejections);
        }
    }

    private void reject(ChangeCursor cursor, TableId table, String reason, Map<TableId, Rejection> rejections) {
        if (!follows(table, cursor.commitLsn())) {
            return;
        }
        suspend(table);
        rejections.put(
                table,
                new Rejection(
                        table,
                        new SequenceNumber(cursor.commitLsn(), cursor.ordinal()),
                        new PhilotesException(ErrorCode.RESYNC_NEEDED, "Cannot go on with the table: " + reason)));
    }

    @Override
    public long uncommittedBytes() {
        return 0;
    }

    @Override
    public void discard() {
        handedOver.clear();
    }

    @Override
    public CompletionStage<CommitResult> commit(Lsn upTo) {
        Map<TableId, CommitResult.Outcome> outcomes = new TreeMap<>();
        handedOver.forEach((table, changes) -> outcomes.put(table, CommitResult.Outcome.committed(upTo, changes)));
        handedOver.clear();
        positions.replaceAll((table, position) -> Lsn.max(position, upTo));
        return CompletableFuture.completedStage(new CommitResult(outcomes));
    }

    @Override
    public void close() {
        discard();
    }
}
