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
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A sink in memory that keeps every row it committed, in order: a row too many or too few shows. Its committed state is the
 * durable one; the rest dies with {@link #crash()}. Faults strike the next commit.
 */
final class CountingSink implements Sink {

    private int indexBytesPerRow;

    /** What the next commit does besides, or instead of, committing. */
    enum Fault {
        NONE,
        /** Refuses, nothing happened. */
        REJECT,
        /** Commits, and then the reply is lost. */
        FAIL_AFTER_WRITE,
        /** Nobody can tell, and nothing happened. */
        LOSE
    }

    /** One table; without a position it is not in the stream. */
    private static final class Kept {

        private final List<Integer> committed = new ArrayList<>();
        private final List<Integer> pending = new ArrayList<>();
        private boolean touched;
        private Lsn marker;
        private Lsn position;

        void drop() {
            pending.clear();
            touched = false;
            position = null;
        }

        void commit(Lsn upTo) {
            committed.addAll(pending);
            pending.clear();
            touched = false;
            marker = upTo;
        }
    }

    private final Map<TableId, Kept> tables = new TreeMap<>();
    private Fault fault = Fault.NONE;
    private Fault loadFault = Fault.NONE;
    private int refusedNumber = -1;
    private boolean divergeOnWrite;
    private boolean down;
    private int tended;
    private Predicate<ChangeCursor> aside = change -> false;
    private Function<TableId, Optional<String>> reload = table -> Optional.empty();

    private Kept kept(TableId table) {
        return tables.computeIfAbsent(table, t -> new Kept());
    }

    List<Integer> committed() {
        return committed(ScriptedSource.TABLE);
    }

    List<Integer> committed(RelationSchema relation) {
        return kept(relation.table()).committed;
    }

    /** Whether its last commit was made with that position, whatever was said of it. */
    boolean isCommitted(TableId table, Lsn upTo) {
        return upTo.equals(kept(table).marker);
    }

    void nextCommit(Fault next) {
        fault = next;
    }

    /** What the next commit of a table copy does. */
    void nextLoad(Fault next) {
        loadFault = next;
    }

    /** A row that no table copy can write; negative for none. */
    void refuseInCopies(int number) {
        refusedNumber = number;
    }

    /** Nothing can be reached until it is up again. */
    void down(boolean now) {
        down = now;
    }

    private void requireUp() {
        if (down) {
            throw new PhilotesException(ErrorCode.CATALOG_UNREACHABLE, "Cannot reach the sink: scripted");
        }
    }

    /** The next batch that holds something new tells what the stream does not. */
    void divergeOnNextWrite() {
        divergeOnWrite = true;
    }

    /** What the configuration asks for that the content is not. */
    void reloadReason(Function<TableId, Optional<String>> reasons) {
        reload = reasons;
    }

    /** Somebody puts a table back to what it was at a position, with so many rows. */
    void putBack(RelationSchema relation, int rows, Lsn marker) {
        Kept table = kept(relation.table());
        table.committed.subList(rows, table.committed.size()).clear();
        table.marker = marker;
    }

    void crash() {
        tables.values().forEach(Kept::drop);
        fault = Fault.NONE;
        loadFault = Fault.NONE;
    }

    /** How often it might have looked after its tables. */
    int tended() {
        return tended;
    }

    @Override
    public void tend() {
        tended++;
    }

    @Override
    public String description() {
        return "counting";
    }

    @Override
    public List<Finding> check(String pipeline, List<RelationSchema> relations) {
        return List.of();
    }

    /** What its plan says that it keeps in memory. */
    CountingSink indexBytesPerRow(int bytes) {
        indexBytesPerRow = bytes;
        return this;
    }

    @Override
    public List<TablePlan> plan(String pipeline, List<RelationSchema> relations) {
        return relations.stream()
                .map(r -> new TablePlan(
                        r.table(),
                        r.table().name(),
                        isLoaded(r) ? "keep" : "create",
                        "",
                        List.of(),
                        indexBytesPerRow,
                        List.of()))
                .toList();
    }

    private boolean isLoaded(RelationSchema relation) {
        return kept(relation.table()).marker != null;
    }

    @Override
    public void open(SinkContext context) {
        requireUp();
        tables.values().forEach(Kept::drop);
    }

    @Override
    public Optional<Lsn> committedUpTo(RelationSchema table) {
        return Optional.ofNullable(kept(table.table()).marker);
    }

    @Override
    public Optional<String> reloadReason(TablePicture now) {
        return reload.apply(now.relation().table());
    }

    @Override
    public void resume(RelationSchema table, Lsn from) {
        kept(table.table()).position = from;
    }

    @Override
    public void suspend(TableId table) {
        kept(table).drop();
    }

    @Override
    public TableLoad load(TablePicture table, Lsn consistentPoint) {
        return new Load(kept(table.relation().table()), consistentPoint);
    }

    /** Rows beside the table until they replace it. */
    private final class Load implements TableLoad {

        private final Kept table;
        private final Lsn consistentPoint;
        private final List<Integer> rows = new ArrayList<>();

        Load(Kept table, Lsn consistentPoint) {
            this.table = table;
            this.consistentPoint = consistentPoint;
            table.drop();
        }

        @Override
        public RangeWriter writer() {
            return new RangeWriter() {
                @Override
                public void write(TupleView row) {
                    if (number(row) == refusedNumber) {
                        throw new PhilotesException(ErrorCode.VALUE_OUT_OF_RANGE, "Cannot write a value: scripted");
                    }
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
            Fault now = loadFault;
            loadFault = Fault.NONE;
            if (now == Fault.REJECT) {
                throw new PhilotesException(ErrorCode.CATALOG_UNREACHABLE, "Cannot commit a copy: scripted");
            }
            table.committed.clear();
            table.committed.addAll(rows);
            table.marker = consistentPoint;
            if (now == Fault.FAIL_AFTER_WRITE) {
                throw new PhilotesException(ErrorCode.COMMIT_UNKNOWN, "Cannot tell: the copy's reply was lost");
            }
            table.position = consistentPoint;
        }

        @Override
        public void close() {
            // What was not committed is simply not there.
        }
    }

    @Override
    public WriteResult write(ChangeBatch batch) {
        requireUp();
        ChangeCursor cursor = batch.cursor();
        boolean news = false;
        while (cursor.next()) {
            if (cursor.kind() == ChangeCursor.Kind.INSERT) {
                Kept table = kept(cursor.relation().table());
                if (needs(cursor) && !aside.test(cursor)) {
                    table.pending.add(number(cursor.newTuple()));
                    news = true;
                }
            }
        }
        if (divergeOnWrite && news) {
            divergeOnWrite = false;
            return new WriteResult(List.of(), List.of(new Divergence(ScriptedSource.TABLE.table(), "scripted")));
        }
        return WriteResult.CLEAN;
    }

    private boolean needs(ChangeCursor change) {
        Lsn position = kept(change.relation().table()).position;
        return position != null && !change.commitLsn().isBefore(position);
    }

    /** Changes that are not written, though the table needs them. */
    void setAside(Predicate<ChangeCursor> changes) {
        aside = changes;
    }

    /** Writes a number to a table, as a change would. */
    void put(TableId table, int number) {
        kept(table).pending.add(number);
    }

    /** The next commit is one of this table, too, with or without rows. */
    void touch(TableId table) {
        kept(table).touched = true;
    }

    /** The tables of the next commit. */
    Set<TableId> touched() {
        return tables.entrySet().stream()
                .filter(entry ->
                        entry.getValue().touched || !entry.getValue().pending.isEmpty())
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    static int number(TupleView row) {
        return Integer.parseInt(new String(row.bytes(), row.offset(0), row.length(0), StandardCharsets.UTF_8));
    }

    @Override
    public long uncommittedBytes() {
        return tables.values().stream().mapToLong(t -> t.pending.size() * 10L).sum();
    }

    @Override
    public void discard() {
        tables.values().forEach(table -> {
            table.pending.clear();
            table.touched = false;
        });
    }

    @Override
    public CompletionStage<CommitResult> commit(Lsn upTo) {
        requireUp();
        Map<TableId, CommitResult.Outcome> outcomes = new TreeMap<>();
        Fault now = Fault.NONE;
        if (!touched().isEmpty()) {
            now = fault;
            fault = Fault.NONE;
        }
        if (now == Fault.REJECT) {
            throw new PhilotesException(ErrorCode.CATALOG_UNREACHABLE, "Cannot commit: scripted");
        }
        for (Map.Entry<TableId, Kept> entry : tables.entrySet()) {
            Kept table = entry.getValue();
            int rows = table.pending.size();
            if (rows > 0 || table.touched) {
                if (now == Fault.LOSE) {
                    table.drop();
                } else {
                    table.commit(upTo);
                }
                outcomes.put(
                        entry.getKey(),
                        now != Fault.NONE
                                ? CommitResult.Outcome.unknown(new PhilotesException(
                                        ErrorCode.COMMIT_UNKNOWN, "Cannot tell: the reply was lost"))
                                : CommitResult.Outcome.committed(upTo, rows));
            }
            if (table.position != null) {
                table.position = Lsn.max(table.position, upTo);
            }
        }
        return CompletableFuture.completedStage(new CommitResult(outcomes));
    }

    @Override
    public void close() {
        crash();
    }
}
