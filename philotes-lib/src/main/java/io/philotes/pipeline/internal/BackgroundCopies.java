// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.buffer.ChangeBuffer;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.error.Recovery;
import io.philotes.model.Lsn;
import io.philotes.model.TableId;
import io.philotes.pipeline.PipelineSettings;
import io.philotes.sink.Sink;
import io.philotes.source.AttachedSource;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Table copies while other tables stream: first copies of tables that came later, and copies again. Owned by the lane's
 * thread; nothing here waits for a copy.
 *
 * <p>A table that is copied is out of the stream, and the buffer keeps what follows a <em>pin</em>: at first the apply loop's
 * place, which no later snapshot can lie before, then the copy's consistent point. When the table is read it joins: a commit
 * round, the load's commit, and the apply loop goes back to the consistent point. The other tables skip what they have.
 */
final class BackgroundCopies {

    private static final Logger LOG = LoggerFactory.getLogger(BackgroundCopies.class);

    private static final String FULL =
            "the buffer is full of changes that are kept for this copy; the others wait for it";

    private final PipelineSettings settings;
    private final ChangeBuffer buffer;
    private final Sink sink;
    private final AttachedSource source;
    private final RunState run;
    private final Lane lane;
    private final TableBoard board;
    private final TableWatch watch;
    private final CopyContext context;
    private final SteadyTime time;
    private final Backoff backoff;
    private final Set<TableId> again = new LinkedHashSet<>();
    private long pausedAt;
    private Duration pause = Duration.ZERO;
    private CopyGroup group;
    private boolean begunAnew;
    private boolean saidFull;

    BackgroundCopies(Lane lane, AttachedSource source, RunState run, TableWatch watch, CopyContext context) {
        this.lane = lane;
        this.settings = lane.settings();
        this.buffer = lane.buffer();
        this.sink = lane.sink();
        this.source = source;
        this.run = run;
        this.board = lane.board();
        this.watch = watch;
        this.context = context;
        this.time = SteadyTime.of(settings.clock());
        this.pausedAt = time.nanos();
        this.backoff = new Backoff(settings.retry(), time);
    }

    /**
     * Begins what is wished for, and moves on what runs.
     *
     * @param cursor the apply loop's place, at the end of a transaction
     */
    void step(Lsn cursor) throws InterruptedException {
        if (group != null && !begunAnew && lane.wishes().touches(group.remaining())) {
            // Once, and what is asked for after that waits: it would never end for who asks again and again.
            begunAnew = true;
            putBack(group.remaining());
        }
        if (group == null) {
            begin(cursor);
        }
        if (group != null) {
            try {
                group.step();
            } catch (RuntimeException e) {
                failed(FailurePolicy.classify(e));
            }
        }
        noteFullBuffer(cursor);
    }

    private void putBack(Set<TableId> tables) throws InterruptedException {
        group.close();
        group = null;
        again.addAll(tables);
    }

    private void begin(Lsn cursor) {
        begunAnew &= !again.isEmpty();
        // Whatever is exported later ends behind this place.
        again.forEach(table -> board.pin(table, cursor));
        if (time.since(pausedAt).compareTo(pause) < 0
                || (again.isEmpty() && lane.wishes().isEmpty())) {
            return;
        }
        Map<TableId, String> wished = lane.wishes().take(board.tables());
        if (!sink.wantsCopies()) {
            // To begin anew would leave out what it has not been given yet.
            wished.keySet().removeIf(table -> board.follows(table));
        }
        try {
            again.addAll(wished.keySet());
            again.forEach(table -> takeOut(table, cursor));
            lane.checkpoints().advance(lane.checkpoints().current().coveredUpTo(), board);
        } catch (RuntimeException e) {
            wished.forEach(lane.wishes()::add);
            throw e;
        } finally {
            lane.wishes().granted();
        }
        if (!again.isEmpty()) {
            wished.forEach(
                    (table, why) -> LOG.info("Pipeline {}, table {}: is copied, because: {}", lane.name(), table, why));
            lane.auto().begun(again);
            group = new CopyGroup(context, source, lane, again);
            again.clear();
            saidFull = false;
        }
    }

    private void takeOut(TableId table, Lsn cursor) {
        sink.suspend(table);
        watch.copying(table);
        board.copying(table, cursor);
    }

    private void failed(PhilotesException e) throws InterruptedException {
        PhilotesException failure = e.table().isEmpty() && group.current() != null ? e.inTable(group.current()) : e;
        Set<TableId> rest = group.remaining();
        putBack(rest);
        rest.forEach(sink::suspend);
        if ((run.lifecycle().stopRequested() || lane.isLeaving())) {
            return;
        }
        FailurePolicy.requireGoingOn(lane.rows(), failure);
        switch (FailurePolicy.afterCopy(failure)) {
            case TRY_AGAIN -> tryAgain(failure);
            case HOLD_TABLE -> putAside(failure);
            default -> throw failure;
        }
    }

    private void tryAgain(PhilotesException failure) {
        try {
            pauseFor(backoff.next(failure), failure);
        } catch (PhilotesException lastedTooLong) {
            backoff.reset();
            if (FailurePolicy.mayLast(failure)) {
                pauseFor(settings.retry().maxDelay(), failure);
            } else {
                putAside(failure.table().map(lastedTooLong::inTable).orElse(lastedTooLong));
            }
        }
    }

    private void pauseFor(Duration next, PhilotesException failure) {
        String why = failure.getMessage() + " -- " + failure.hint();
        LOG.warn("Pipeline {}: {}; the copy of {} begins again in {} ms", lane.name(), why, again, next.toMillis());
        again.forEach(table -> board.note(table, "tried again: " + why));
        settings.metrics().retried("copy", failure.code().code());
        pausedAt = time.nanos();
        pause = next;
    }

    /** The table that it concerns, or all when it does not say. */
    private void putAside(PhilotesException failure) {
        Set<TableId> concerned =
                failure.table().filter(again::contains).map(Set::of).orElseGet(() -> Set.copyOf(again));
        for (TableId table : concerned) {
            board.needsResync(table, failure.getMessage() + " -- " + failure.hint());
            // One that is not there is not due either, and may be made anew without anybody who knows of this.
            if (failure.recovery() == Recovery.STOP && failure.code() != ErrorCode.TABLE_MISSING) {
                lane.auto().refused(table);
            }
        }
        again.removeAll(concerned);
        lane.checkpoints().advance(lane.checkpoints().current().coveredUpTo(), board);
    }

    /** Nothing is wrong then, but somebody who looks at the other tables should know why they stand. */
    private void noteFullBuffer(Lsn cursor) {
        boolean full = group != null
                && run.progress().waitsForRoom()
                && !buffer.appendedUpTo().isAfter(cursor)
                && board.lowestPin().equals(board.lowestPosition());
        if (full && !saidFull) {
            saidFull = true;
            LOG.warn("Pipeline {}: {}; copied now: {}", lane.name(), FULL, group.remaining());
            group.remaining().forEach(table -> board.note(table, FULL));
        }
    }

    /** Whether none runs. One that does pins the buffer until it joins, which it does between transactions. */
    boolean isIdle() {
        return group == null && again.isEmpty();
    }

    /** Whether a table is read and only wants its commit. */
    boolean isReadyToJoin() throws InterruptedException {
        try {
            return group != null && group.isReadyToJoin();
        } catch (RuntimeException e) {
            failed(FailurePolicy.classify(e));
            return false;
        }
    }

    /**
     * Makes the table that was read visible. Only after a commit round, so that every other table is known to have everything
     * up to the apply loop's place.
     *
     * @return from where that table wants the changes; empty when it does not follow. Whoever does not go back there loses
     *     them, so any later failure ends the session.
     */
    Optional<Lsn> join() throws InterruptedException {
        TableId table = group.current();
        Lsn point;
        try {
            point = group.join();
        } catch (RuntimeException e) {
            failed(FailurePolicy.classify(e));
            return Optional.empty();
        }
        backoff.reset();
        board.loaded(table, point);
        // Not before: a stream that was opened meanwhile has not counted it for what is held.
        group.requireKept();
        lane.desk().copied(table);
        watch.joined(table, group.times());
        lane.checkpoints().advance(lane.checkpoints().current().coveredUpTo(), board);
        if (group.isDone()) {
            // Not before the board tells of the table: somebody must ask for it in the publication all the time.
            context.published().settled(lane);
            group = null;
        }
        return Optional.of(point).filter(p -> board.progress(table).state().isLoaded());
    }

    /** Gives up what has not joined; a later session begins it again. */
    void close() throws InterruptedException {
        if (group != null) {
            group.close();
            group = null;
        }
    }
}
