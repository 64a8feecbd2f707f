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
import io.philotes.model.TableId;
import io.philotes.sink.CommitResult;
import io.philotes.sink.Sink;
import io.philotes.sink.SinkContext;
import io.philotes.sink.TableLoad;
import io.philotes.sink.TablePlan;
import io.philotes.sink.WriteResult;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.iceberg.Table;
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
 * <p>The catalog belongs to the caller and is not closed.
 */
public final class IcebergSink implements Sink {

    private final Catalog catalog;
    private final SinkSettings settings;
    private final TargetOpener opener;
    private final IndexBudget budget;
    private final Map<TableId, MirroredTable> tables = new TreeMap<>();
    private SinkContext context;
    private CommitPool pool;
    private boolean mustDiscard;

    IcebergSink(Catalog catalog, SinkSettings settings) {
        this.catalog = catalog;
        this.settings = settings;
        this.opener = new TargetOpener(catalog, settings);
        this.budget = new IndexBudget(settings.indexMemoryBytes());
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
        return new SinkCheck(catalog, settings, opener).findings(pipeline, relations);
    }

    @Override
    public List<TablePlan> plan(String pipeline, List<RelationSchema> relations) {
        return new SinkPlan(settings, opener).plans(pipeline, relations);
    }

    @Override
    public void open(SinkContext sinkContext) {
        close();
        mustDiscard = false;
        context = sinkContext;
        pool = new CommitPool(sinkContext.pipeline(), settings.commitParallelism(), settings.commitTimeout());
    }

    @Override
    public Optional<CheckpointStore> checkpoints() {
        return Optional.of(new ProgressTable(catalog, settings));
    }

    @Override
    public Optional<Lsn> committedUpTo(RelationSchema relation) {
        Optional<Table> table = opener.find(relation.table());
        if (table.isEmpty()) {
            return Optional.empty();
        }
        return opener.open(relation.table(), table.get(), context).provenPosition();
    }

    @Override
    public void resume(RelationSchema relation, Lsn position) {
        suspend(relation.table());
        Table table = opener.find(relation.table())
                .orElseThrow(() -> new PhilotesException(
                                ErrorCode.TABLE_ROLLED_BACK, "Cannot resume: the target does not exist")
                        .inTable(relation.table()));
        TargetTable target = opener.open(relation.table(), table, context);
        target.requireColumns();
        Lsn committed = target.provenPosition()
                .orElseThrow(() -> new PhilotesException(
                                ErrorCode.TABLE_ROLLED_BACK, "Cannot resume: the target was never loaded")
                        .inTable(relation.table()));
        activate(relation, target, Lsn.max(position, committed));
    }

    private void activate(RelationSchema relation, TargetTable target, Lsn position) {
        tables.put(
                relation.table(), new MirroredTable(relation.oid(), target, opener.writer(target, budget), position));
    }

    @Override
    public void suspend(TableId table) {
        MirroredTable suspended = tables.remove(table);
        budget.release(table);
        if (suspended != null) {
            suspended.drop();
        }
    }

    @Override
    public TableLoad load(RelationSchema relation, Lsn consistentPoint) {
        suspend(relation.table());
        return ReplacementLoad.begin(
                opener,
                settings,
                context,
                pool,
                relation,
                consistentPoint,
                target -> activate(relation, target, consistentPoint));
    }

    @Override
    public WriteResult write(ChangeBatch batch) throws InterruptedException {
        requireNothingLost();
        try {
            return new BatchWriter(tables).write(batch);
        } catch (RuntimeException | InterruptedException e) {
            mustDiscard = true;
            throw e;
        }
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
        return tables.values().stream().mapToLong(MirroredTable::stagedBytes).sum();
    }

    @Override
    public void discard() {
        tables.values().forEach(MirroredTable::reset);
        mustDiscard = false;
    }

    @Override
    public CompletionStage<CommitResult> commit(Lsn upTo) {
        requireNothingLost();
        List<MirroredTable> touched =
                tables.values().stream().filter(MirroredTable::isTouched).toList();
        if (touched.isEmpty()) {
            return CompletableFuture.completedFuture(CommitResult.EMPTY);
        }
        CommitResult result = new CommitRound(pool, context, upTo).commit(touched);
        touched.forEach(table -> settle(table, result.outcomes().get(table.source()), upTo));
        return result.outcomes().values().stream()
                .flatMap(outcome -> outcome.failure().stream())
                .filter(failure -> failure.recovery() == Recovery.STOP)
                .findFirst()
                .<CompletionStage<CommitResult>>map(CompletableFuture::failedFuture)
                .orElseGet(() -> CompletableFuture.completedFuture(result));
    }

    /**
     * A table whose commit did not land is let go as it is: what memory knows of it may be wrong, its files may be in the
     * table, and a worker that passed its deadline may still be at work on it.
     */
    private void settle(MirroredTable table, CommitResult.Outcome outcome, Lsn upTo) {
        if (outcome.kind() == CommitResult.Kind.COMMITTED) {
            table.movedTo(upTo);
        } else {
            tables.remove(table.source());
            budget.release(table.source());
        }
    }

    @Override
    public void close() {
        tables.values().forEach(MirroredTable::drop);
        tables.clear();
        budget.releaseAll();
        if (pool != null) {
            pool.close();
        }
    }
}
