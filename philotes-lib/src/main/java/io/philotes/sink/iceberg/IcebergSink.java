// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.checkpoint.CheckpointStore;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.error.Recovery;
import io.philotes.health.Finding;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.SequenceNumber;
import io.philotes.model.TableId;
import io.philotes.model.TablePicture;
import io.philotes.sink.CommitResult;
import io.philotes.sink.ParkedRow;
import io.philotes.sink.ParkingRecord;
import io.philotes.sink.ReplayResult;
import io.philotes.sink.RowAudit;
import io.philotes.sink.Sink;
import io.philotes.sink.SinkContext;
import io.philotes.sink.TableLoad;
import io.philotes.sink.TablePlan;
import io.philotes.sink.WriteResult;
import io.philotes.sink.iceberg.internal.call.BoundedCalls;
import io.philotes.sink.iceberg.internal.rest.CountedCatalog;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.iceberg.catalog.Catalog;

/**
 * Writes changes to Apache Iceberg tables: mirrors of the source's rows (upsert) or its history (append), exactly once.
 * Deletes are resolved through an index of keys to deletion vectors (format 3) or position deletes (format 2), never to
 * equality deletes. The position is committed with the data, in the table itself.
 *
 * <p>Driven by one thread, as {@link Sink} says; tables commit in parallel on the sink's own threads, and {@link #commit}
 * returns a completed stage. A transaction counts as ending at or before a table's position when its commit LSN is below the
 * position: a commit record begins before its end, and no position lies inside one.
 *
 * <p>No call waits for ever on catalog or storage: each runs on a thread of the sink's own and is given up when nothing moved
 * for the commit timeout (a row, a file or a reply counts as a move, so a long index scan is none). A call that only read
 * fails with CATALOG_UNREACHABLE or STORAGE_FAILED, one that was changing something with COMMIT_UNKNOWN; what it worked on is
 * not used again, and its tables must be resumed. Only rows of a table copy are written on the copying threads themselves,
 * where a thread to hand them to would cost more than it saves: a storage that hangs there shows as a pipeline whose progress
 * does not move.
 *
 * <p>The catalog belongs to the caller and is not closed.
 */
public final class IcebergSink implements Sink {

    private final Catalog catalog;
    private final SinkSettings settings;
    private final TargetOpener opener;
    private final BoundedCalls calls;
    private final SinkQuestions questions;
    private final CommitRounds rounds;
    private final FileRemoval removal;
    private final TableTending tending;
    private final OpenTables tables;
    private volatile SinkContext context;
    private boolean mustDiscard;

    IcebergSink(Catalog catalog, SinkSettings settings) {
        this.catalog = catalog;
        this.settings = settings;
        this.opener = new TargetOpener(catalog, settings);
        this.calls = new BoundedCalls(
                settings.namespace().toString(), settings.commitParallelism(), settings.commitTimeout());
        this.questions = new SinkQuestions(catalog, settings, opener, calls);
        this.rounds = new CommitRounds(catalog, settings, calls);
        this.removal = new FileRemoval(opener, settings.upkeep().orphansOlderThan(), calls);
        this.tending = new TableTending(calls, this::loseTables);
        this.tables = new OpenTables(opener, settings);
    }

    /** What comes next must not take it for a sink without tables. */
    private void loseTables() {
        mustDiscard = true;
        tables.forget();
    }

    /** A sink into a catalog's tables; the builder's namespace must be given. */
    public static IcebergSinkBuilder builder(Catalog catalog) {
        return new IcebergSinkBuilder(catalog);
    }

    @Override
    public String description() {
        return "Iceberg catalog " + catalog.name() + ", namespace " + settings.namespace();
    }

    @Override
    public List<Finding> check(String pipeline, List<RelationSchema> relations) {
        return questions.check(pipeline, relations);
    }

    @Override
    public List<TablePlan> plan(String pipeline, List<RelationSchema> relations) {
        return questions.plan(pipeline, relations);
    }

    @Override
    public boolean spillsIndexes() {
        return true;
    }

    @Override
    public void open(SinkContext sinkContext) {
        close();
        mustDiscard = false;
        rounds.open();
        context = sinkContext;
        CountedCatalog.tell(catalog, sinkContext.metrics());
        removal.start(sinkContext.clock().instant());
    }

    @Override
    public Optional<CheckpointStore> checkpoints() {
        return Optional.of(new ProgressTable(catalog, settings, calls));
    }

    @Override
    public Optional<Lsn> committedUpTo(RelationSchema relation) {
        return questions.committedUpTo(relation, context);
    }

    @Override
    public void resume(RelationSchema relation, Lsn position) {
        suspend(relation.table());
        SinkContext resuming = context;
        ResumedTarget found = calls.awaitIn(
                relation.table(),
                ErrorCode.CATALOG_UNREACHABLE,
                "open the target",
                () -> ResumedTarget.of(relation, opener, resuming));
        TableWriter writer = tables.add(relation, found.target(), Lsn.max(position, found.committed()));
        found.divergences().forEach(writer.divergences()::add);
    }

    @Override
    public boolean parksRows() {
        return true;
    }

    @Override
    public ParkingRecord parking(TableId table) {
        return questions.parking(table, context);
    }

    @Override
    public void park(TableId table, Map<SequenceNumber, SortedSet<String>> rows) {
        tables.required(table).writer().parking().park(rows);
    }

    @Override
    public ReplayResult replay(TableId table, List<ParkedRow> rows, String name) throws InterruptedException {
        requireNothingLost();
        MirroredTable active = tables.required(table);
        mustDiscard = true;
        try {
            ReplayResult result =
                    calls.await(ErrorCode.STORAGE_FAILED, "replay", () -> active.replay(rows, name), tables::forget);
            mustDiscard = false;
            return result;
        } catch (PhilotesException e) {
            if (e.recovery() == Recovery.HOLD_TABLE || e.recovery() == Recovery.DEAD_LETTER) {
                // Between two commits nothing else is staged: only this table is not what it was.
                suspend(table);
                mustDiscard = false;
            }
            throw e;
        }
    }

    @Override
    public Optional<TablePicture> lastPicture(TableId table) {
        return questions.lastPicture(table, context);
    }

    @Override
    public Optional<String> reloadReason(TablePicture now) {
        return questions.reloadReason(now, context);
    }

    @Override
    public Optional<RowAudit> audit(RelationSchema relation) {
        return questions.audit(relation);
    }

    @Override
    public void suspend(TableId table) {
        suspend(table, MirroredTable::drop);
    }

    private void suspend(TableId table, Consumer<MirroredTable> drop) {
        tables.remove(table).ifPresent(suspended -> {
            calls.quietly("remove what a suspended table had staged", () -> drop.accept(suspended));
            suspended.abandon();
        });
    }

    @Override
    public TableLoad load(TablePicture picture, Lsn consistentPoint) {
        return load(picture, consistentPoint, Lsn.MAX);
    }

    @Override
    public TableLoad load(TablePicture picture, Lsn consistentPoint, Lsn knownUpTo) {
        RelationSchema relation = picture.relation();
        suspend(relation.table(), MirroredTable::dropReplaced);
        return ReplacementLoad.begin(
                opener, settings, context, calls, picture, consistentPoint, knownUpTo, (target, parked) -> {
                    TableWriter writer = tables.add(relation, target, consistentPoint);
                    writer.parking().park(parked);
                    TargetProperties.diverged(target.properties()).ifPresent(writer.divergences()::add);
                });
    }

    @Override
    public WriteResult write(ChangeBatch batch) throws InterruptedException {
        requireNothingLost();
        mustDiscard = true;
        Map<TableId, MirroredTable> active = tables.byName();
        WriteResult result = calls.await(
                ErrorCode.STORAGE_FAILED, "write", () -> new BatchWriter(active).write(batch), tables::forget);
        mustDiscard = false;
        return result;
    }

    /** What a failed write left behind is incomplete: to commit it would lose changes. */
    private void requireNothingLost() {
        if (mustDiscard) {
            throw new PhilotesException(
                    ErrorCode.DEFECT, "Cannot go on: a write failed, and what was written was not discarded since");
        }
    }

    @Override
    public long uncommittedBytes() {
        return tables.all().stream().mapToLong(MirroredTable::stagedBytes).sum();
    }

    @Override
    public void discard() {
        List<MirroredTable> all = tables.all();
        boolean reset = calls.quietly("remove what was not committed", () -> all.forEach(MirroredTable::reset));
        mustDiscard = false;
        if (!reset) {
            tables.forget();
            throw new PhilotesException(
                    ErrorCode.STORAGE_FAILED, "Cannot discard what was not committed: the storage does not answer");
        }
    }

    @Override
    public CompletionStage<CommitResult> commit(Lsn upTo) {
        requireNothingLost();
        List<MirroredTable> touched = tables.touched();
        CommitResult result = touched.isEmpty() ? CommitResult.EMPTY : commit(touched, upTo);
        touched.forEach(table -> settle(table, result.outcomes().get(table.source())));
        tables.all().forEach(table -> table.movedTo(upTo, touched.contains(table)));
        removal.tick(context, tables.byName().keySet());
        return result.outcomes().values().stream()
                .flatMap(outcome -> outcome.failure().stream())
                .filter(failure -> failure.recovery() == Recovery.STOP)
                .findFirst()
                .<CompletionStage<CommitResult>>map(CompletableFuture::failedFuture)
                .orElseGet(() -> {
                    tendCommitted(touched);
                    return CompletableFuture.completedFuture(result);
                });
    }

    /** After an error nobody knows what was sent, so nothing that was staged may be removed, at the end neither. */
    private CommitResult commit(List<MirroredTable> touched, Lsn upTo) {
        boolean ended = false;
        try {
            CommitResult result = rounds.commit(touched, context, upTo);
            ended = true;
            return result;
        } finally {
            if (!ended) {
                loseTables();
            }
        }
    }

    /** What landed stays so: when this fails, the tables are to be resumed, and tell themselves how far they are. */
    private void tendCommitted(List<MirroredTable> touched) {
        List<MirroredTable> landed = touched.stream().filter(tables::has).toList();
        landed.forEach(table -> table.maintenance().committed());
        try {
            tending.tend(landed.stream().filter(MirroredTable::wantsUpkeep).toList());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * A table whose commit did not land is let go as it is: what memory knows of it may be wrong, its files may be in the
     * table, and a worker that passed its deadline may still be at work on it.
     */
    private void settle(MirroredTable table, CommitResult.Outcome outcome) {
        if (outcome.kind() != CommitResult.Kind.COMMITTED) {
            tables.remove(table.source());
            table.abandon();
        }
    }

    /** Whether a table is looked after in the background right now. */
    boolean isTending() {
        return tables.all().stream().anyMatch(table -> table.maintenance().isUnderWay());
    }

    @Override
    public void tend() throws InterruptedException {
        if (mustDiscard) {
            return;
        }
        List<MirroredTable> atRest = tables.atRest();
        tending.tend(
                atRest.stream().filter(table -> table.maintenance().isReady()).toList());
        atRest.forEach(table -> table.maintenance().look());
    }

    /** Waits until no files are being removed. */
    void awaitFileRemoval() {
        removal.await();
    }

    @Override
    public void close() {
        removal.stop();
        List<MirroredTable> all = tables.all();
        tables.forget();
        if (!all.isEmpty()) {
            calls.quietly("remove what was not committed", () -> all.forEach(MirroredTable::drop));
            opener.awaitMaintenance();
        }
    }
}
