// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import io.philotes.checkpoint.CheckpointStore;
import io.philotes.error.PhilotesException;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * A sink whose catalog is opened when it is first needed, and again after a failure: one of several may be away when a
 * pipeline starts. Driven by one thread, as every sink.
 */
final class DeferredSink implements Sink {

    private final String name;
    private final Supplier<Sink> opening;
    private volatile Sink opened; // an audit reads it from its own thread

    DeferredSink(String name, Supplier<Sink> opening) {
        this.name = name;
        this.opening = opening;
    }

    private Sink sink() {
        if (opened == null) {
            opened = opening.get();
        }
        return opened;
    }

    @Override
    public String description() {
        return opened == null ? name : opened.description();
    }

    @Override
    public List<Finding> check(String pipeline, List<RelationSchema> tables) {
        try {
            return sink().check(pipeline, tables);
        } catch (PhilotesException e) {
            return List.of(Finding.error(e.code(), "catalog", e.reason(), e.hint()));
        }
    }

    @Override
    public List<TablePlan> plan(String pipeline, List<RelationSchema> tables) {
        return sink().plan(pipeline, tables);
    }

    @Override
    public boolean spillsIndexes() {
        return sink().spillsIndexes();
    }

    @Override
    public void open(SinkContext context) {
        sink().open(context);
    }

    @Override
    public Optional<Lsn> committedUpTo(RelationSchema table) {
        return sink().committedUpTo(table);
    }

    @Override
    public void resume(RelationSchema table, Lsn position) {
        sink().resume(table, position);
    }

    @Override
    public void tend() throws InterruptedException {
        if (opened != null) {
            opened.tend();
        }
    }

    @Override
    public void suspend(TableId table) {
        sink().suspend(table);
    }

    @Override
    public Optional<TablePicture> lastPicture(TableId table) {
        return sink().lastPicture(table);
    }

    @Override
    public Optional<String> reloadReason(TablePicture now) {
        return sink().reloadReason(now);
    }

    /** Every destination is a lake, and a lake's sink can. */
    @Override
    public boolean parksRows() {
        return true;
    }

    @Override
    public ParkingRecord parking(TableId table) {
        return sink().parking(table);
    }

    @Override
    public void park(TableId table, Map<SequenceNumber, SortedSet<String>> rows) {
        sink().park(table, rows);
    }

    @Override
    public ReplayResult replay(TableId table, List<ParkedRow> rows, String replay) throws InterruptedException {
        return sink().replay(table, rows, replay);
    }

    @Override
    public Optional<RowAudit> audit(RelationSchema table) {
        return sink().audit(table);
    }

    @Override
    public boolean remembersPosition() {
        return true;
    }

    @Override
    public boolean wantsCopies() {
        return true;
    }

    /** A configuration names its store. */
    @Override
    public Optional<CheckpointStore> checkpoints() {
        return Optional.empty();
    }

    @Override
    public TableLoad load(TablePicture table, Lsn consistentPoint) {
        return sink().load(table, consistentPoint);
    }

    @Override
    public TableLoad load(TablePicture table, Lsn consistentPoint, Lsn knownUpTo) {
        return sink().load(table, consistentPoint, knownUpTo);
    }

    @Override
    public WriteResult write(ChangeBatch batch) throws InterruptedException {
        return sink().write(batch);
    }

    @Override
    public long uncommittedBytes() {
        return opened == null ? 0 : opened.uncommittedBytes();
    }

    @Override
    public void discard() {
        if (opened != null) {
            opened.discard();
        }
    }

    @Override
    public CompletionStage<CommitResult> commit(Lsn upTo) {
        return sink().commit(upTo);
    }

    @Override
    public void close() {
        if (opened != null) {
            opened.close();
        }
    }
}
