// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.metrics.PipelineMetrics.CommitOutcome;
import io.philotes.metrics.PipelineMetrics.Upkeep;
import io.philotes.sink.iceberg.internal.call.MaintenanceThread;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableUtil;
import org.apache.iceberg.io.FileIO;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compacts one table beside its writer, one run at a time. Confined to whoever owns the table's state, but for {@link #cancel},
 * which takes that away from a worker that may still be at work.
 */
final class TableCompaction implements TableMaintenance {

    private static final Logger LOG = LoggerFactory.getLogger(TableCompaction.class);

    /** A plan reads manifests, so it waits for this part of the table's rows to be deleted since the last one. */
    private static final double WORTH_A_PLAN = 1.0 / 3;

    /** And for so many new files, as a part of all: a plan names every file. */
    private static final double WORTH_A_LOOK = 0.01;

    /** Entries of the index are followed through moved rows up to there, then all of them are changed. */
    private static final long MAX_FORWARD_BYTES = 16L << 20;

    /** Of how many commits of the table are waited for behind runs that came to nothing. */
    private static final int MAX_DOUBLINGS = 8;

    private final TargetTable target;
    private final TableWriter writer;
    private final SinkSettings settings;
    private final MaintenanceThread thread;
    private final Supplier<Table> fresh;
    private final AtomicReference<Running> running = new AtomicReference<>();
    private volatile boolean closed;
    private int failures;
    private int commitsToWait;
    private long fullBytes;
    private boolean looked;
    private boolean news;
    private boolean unfinished;
    private TendingTimer timer;
    private long filesThen;
    private long deletedThen;

    /** What is under way or ready; whoever takes it out owns it. */
    private record Running(CompactionRun run, CompletableFuture<Optional<CompactedRows>> end) {}

    /** {@code fresh} loads the table once more, on the maintenance thread. */
    TableCompaction(TableWriter writer, SinkSettings settings, MaintenanceThread thread, Supplier<Table> fresh) {
        this.target = writer.target();
        this.writer = writer;
        this.settings = settings;
        this.fullBytes = settings.targetFileSizeBytes();
        this.thread = thread;
        this.fresh = fresh;
    }

    @Override
    public void committed() {
        commitsToWait = Math.max(0, commitsToWait - 1);
        news = true;
    }

    @Override
    public void look() {
        if (news && commitsToWait == 0 && running.get() == null && writer.canCompact()) {
            news = false;
            if (unfinished || isWorthAPlan(target.table().currentSnapshot())) {
                begin();
            }
        }
    }

    /** By what the newest table snapshot says of itself. */
    private boolean isWorthAPlan(Snapshot head) {
        if (head == null) {
            return false;
        }
        CompactionOptions options = settings.compaction();
        long rows = total(head, SnapshotSummary.TOTAL_RECORDS_PROP);
        long deleted = Math.abs(total(head, SnapshotSummary.TOTAL_POS_DELETES_PROP) - deletedThen);
        long files = Math.abs(total(head, SnapshotSummary.TOTAL_DATA_FILES_PROP) - filesThen);
        return !looked
                || files >= Math.max(options.minFiles() - 1, filesThen * WORTH_A_LOOK)
                || deleted >= Math.max(options.minDeletedRows(), rows * options.deletedFraction() * WORTH_A_PLAN);
    }

    private static long total(Snapshot head, String property) {
        return Long.parseLong(head.summary().getOrDefault(property, "0"));
    }

    private void begin() {
        if (closed) {
            return;
        }
        Snapshot head = target.table().currentSnapshot();
        looked = true;
        unfinished = false;
        timer = new TendingTimer(target.context(), target.source(), Upkeep.COMPACT);
        filesThen = total(head, SnapshotSummary.TOTAL_DATA_FILES_PROP);
        deletedThen = total(head, SnapshotSummary.TOTAL_POS_DELETES_PROP);
        CompactionRun run = new CompactionRun(fresh, settings, fullBytes);
        running.set(new Running(run, thread.run("compact " + target.name(), run)));
        if (closed) {
            cancelRunning();
        }
    }

    @Override
    public boolean isUnderWay() {
        Running now = running.get();
        return now != null && !now.end().isDone();
    }

    @Override
    public boolean isReady() {
        Running now = running.get();
        return now != null && now.end().isDone();
    }

    /** A run that is still under way is left alone: whoever calls has something else to do, too, and must not wait for it. */
    @Override
    public void step() {
        Running ended = isReady() ? running.getAndSet(null) : null;
        if (ended == null) {
            return;
        }
        if (closed) {
            discard(ended);
            return;
        }
        Optional<CompactedRows> rows;
        try {
            rows = ended.end().join();
        } catch (CancellationException | CompletionException e) {
            LOG.warn("Compaction of {} failed, and is tried again later: {}", target.name(), e.toString());
            timer.ended(CommitOutcome.FAILURE);
            pause();
            return;
        }
        news = true;
        rows.ifPresent(this::land);
    }

    /**
     * What stood in the way may be there still, and a copy is dear. Memory follows what others did with the table's own next
     * commit at the earliest, so until then no run can land.
     */
    private void pause() {
        commitsToWait = 1 << Math.min(failures, MAX_DOUBLINGS);
        failures++;
    }

    private void land(CompactedRows rows) {
        switch (send(rows)) {
            case LANDED -> {
                failures = 0;
                timer.ended(CommitOutcome.SUCCESS);
                tell(rows);
                // Files that came out as full as they get are not merged again, so this comes to an end.
                fullBytes = Math.min(fullBytes, rows.smallestFullBytes());
                followMoves();
                // There may be more to do than one run takes.
                unfinished = true;
            }
            case REFUSED -> {
                LOG.info("Compaction of {} could not land and begins anew behind a later commit", target.name());
                timer.ended(CommitOutcome.CONFLICT);
                StorageCleanup.delete(target.table().io(), rows.newLocations());
                looked = false;
                pause();
            }
            case UNKNOWN -> {
                LOG.warn("Compaction of {} may have landed or not: its files stay", target.name());
                timer.ended(CommitOutcome.FAILURE);
                looked = false;
                pause();
            }
        }
    }

    private RewriteCommit.End send(CompactedRows rows) {
        if (TableUtil.supportsRowLineage(target.table()) && !rows.hasLineage()) {
            // The table was upgraded meanwhile: its rows may have got identities that the copies do not have.
            return RewriteCommit.End.REFUSED;
        }
        return writer.mode().mirrors()
                ? new CompactionLanding(target, writer.files(), rows).land()
                : new HistoryLanding(target, rows).land();
    }

    private void tell(CompactedRows rows) {
        target.context().metrics().compacted(target.source(), rows.sources().size(), rows.bytesIn());
        LOG.info(
                "Compacted {}: {} files of {} bytes became {} of {} bytes, without {} deleted rows, in {} ms",
                target.name(),
                rows.sources().size(),
                rows.bytesIn(),
                rows.outputs().size(),
                rows.bytesOut(),
                rows.rowsGone(),
                timer.elapsed().toMillis());
        LandedFiles.tellSize(target);
    }

    private void followMoves() {
        if (writer.files().forwardBytes() > MAX_FORWARD_BYTES) {
            writer.relocate();
        }
    }

    @Override
    public void cancel() {
        closed = true;
        cancelRunning();
    }

    private void cancelRunning() {
        Running unwanted = running.getAndSet(null);
        if (unwanted != null) {
            discard(unwanted);
        }
    }

    private void discard(Running unwanted) {
        unwanted.run().cancel();
        FileIO io = target.table().io();
        unwanted.end().thenAccept(rows -> rows.ifPresent(copied -> remove(io, copied.newLocations())));
    }

    private void remove(FileIO io, List<String> locations) {
        thread.run("remove what compaction copied", () -> {
            StorageCleanup.delete(io, locations);
            return locations;
        });
    }
}
