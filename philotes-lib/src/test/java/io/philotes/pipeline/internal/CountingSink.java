// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.health.Finding;
import io.philotes.model.ChangeBatch;
import io.philotes.model.ChangeCursor;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.TableId;
import io.philotes.model.TablePicture;
import io.philotes.model.TupleView;
import io.philotes.sink.CommitResult;
import io.philotes.sink.Divergence;
import io.philotes.sink.RangeWriter;
import io.philotes.sink.Sink;
import io.philotes.sink.SinkContext;
import io.philotes.sink.TableLoad;
import io.philotes.sink.TablePlan;
import io.philotes.sink.WriteResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A sink in memory that keeps every row it committed, in order: a row too many or too few shows. Its committed state is the
 * durable one; the rest dies with {@link #crash()}. Faults strike the next commit.
 */
final class CountingSink implements Sink {

    /** What the next commit does besides, or instead of, committing. */
    enum Fault {
        NONE,
        /** Refuses, nothing happened. */
        REJECT,
        /** Commits, and then the reply is lost. */
        FAIL_AFTER_WRITE
    }

    private final List<Integer> committed = new ArrayList<>();
    private Lsn marker;

    private final List<Integer> pending = new ArrayList<>();
    private Lsn position;
    private Fault fault = Fault.NONE;
    private boolean divergeOnWrite;

    List<Integer> committed() {
        return committed;
    }

    Lsn marker() {
        return marker == null ? Lsn.ZERO : marker;
    }

    void nextCommit(Fault next) {
        fault = next;
    }

    /** The next batch that holds something new tells what the stream does not. */
    void divergeOnNextWrite() {
        divergeOnWrite = true;
    }

    void crash() {
        pending.clear();
        position = null;
        fault = Fault.NONE;
    }

    @Override
    public String description() {
        return "counting";
    }

    @Override
    public List<Finding> check(String pipeline, List<RelationSchema> tables) {
        return List.of();
    }

    @Override
    public List<TablePlan> plan(String pipeline, List<RelationSchema> tables) {
        return List.of();
    }

    @Override
    public void open(SinkContext context) {
        crash();
    }

    @Override
    public Optional<Lsn> committedUpTo(RelationSchema table) {
        return Optional.ofNullable(marker);
    }

    @Override
    public void resume(RelationSchema table, Lsn from) {
        position = from;
    }

    @Override
    public void suspend(TableId table) {
        crash();
    }

    @Override
    public TableLoad load(TablePicture table, Lsn consistentPoint) {
        List<Integer> rows = new ArrayList<>();
        return new TableLoad() {
            @Override
            public RangeWriter writer() {
                return new RangeWriter() {
                    @Override
                    public void write(TupleView row) {
                        rows.add(number(row));
                    }

                    @Override
                    public void close() {
                        // Nothing to finish.
                    }
                };
            }

            @Override
            public void commit() {
                committed.clear();
                committed.addAll(rows);
                marker = consistentPoint;
                position = consistentPoint;
            }

            @Override
            public void close() {
                // What was not committed is simply not there.
            }
        };
    }

    @Override
    public WriteResult write(ChangeBatch batch) {
        ChangeCursor cursor = batch.cursor();
        while (cursor.next()) {
            if (cursor.kind() == ChangeCursor.Kind.INSERT
                    && position != null
                    && !cursor.commitLsn().isBefore(position)) {
                pending.add(number(cursor.newTuple()));
            }
        }
        if (divergeOnWrite && !pending.isEmpty()) {
            divergeOnWrite = false;
            return new WriteResult(List.of(), List.of(new Divergence(ScriptedSource.TABLE.table(), "scripted")));
        }
        return WriteResult.CLEAN;
    }

    private static int number(TupleView row) {
        return Integer.parseInt(new String(row.bytes(), row.offset(0), row.length(0), StandardCharsets.UTF_8));
    }

    @Override
    public long uncommittedBytes() {
        return pending.size() * 10L;
    }

    @Override
    public void discard() {
        pending.clear();
    }

    @Override
    public CompletionStage<CommitResult> commit(Lsn upTo) {
        if (pending.isEmpty()) {
            return CompletableFuture.completedStage(CommitResult.EMPTY);
        }
        Fault now = fault;
        fault = Fault.NONE;
        if (now == Fault.REJECT) {
            throw new PhilotesException(ErrorCode.CATALOG_UNREACHABLE, "Cannot commit: scripted");
        }
        int rows = pending.size();
        committed.addAll(pending);
        pending.clear();
        marker = upTo;
        position = upTo;
        CommitResult.Outcome outcome = now == Fault.FAIL_AFTER_WRITE
                ? CommitResult.Outcome.unknown(
                        new PhilotesException(ErrorCode.COMMIT_UNKNOWN, "Cannot tell: the reply was lost"))
                : CommitResult.Outcome.committed(upTo, rows);
        return CompletableFuture.completedStage(new CommitResult(Map.of(ScriptedSource.TABLE.table(), outcome)));
    }

    @Override
    public void close() {
        crash();
    }
}
