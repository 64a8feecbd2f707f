// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.sink.iceberg.internal.call.Worker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.iceberg.Table;

/**
 * One run of compaction, up to the point where the table's owner takes it over: plans, and copies rows at a limited pace. Runs
 * as a call of the {@link io.philotes.sink.iceberg.internal.call.MaintenanceThread}; {@link #cancel} may be called by any
 * thread. What reads manifests is the run's own, too: if that hangs, only the run does.
 */
final class CompactionRun implements Supplier<Optional<CompactedRows>>, RowCopier.Pause {

    /** From there on, readers suffer more than the writer does. */
    private static final double HEAVILY_DELETED = 1.0 / 3;

    private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** What looks like a long slice was a storage that hung; and a run that is cancelled ends that soon. */
    private static final long MAX_REST_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Supplier<Table> fresh;
    private final CompactionOptions options;
    private final long targetFileSizeBytes;
    private final long fullBytes;
    private volatile boolean cancelled;
    private double share;
    private long sliceBegan;

    /**
     * @param fresh loads the table for this run alone: table objects belong to one thread
     * @param fullBytes how large files get here, at most the target size: larger ones come out no larger
     */
    CompactionRun(Supplier<Table> fresh, SinkSettings settings, long fullBytes) {
        this.fresh = fresh;
        this.options = settings.compaction();
        this.targetFileSizeBytes = settings.targetFileSizeBytes();
        this.fullBytes = fullBytes;
    }

    /** Nobody takes it over any more: it ends soon. */
    void cancel() {
        cancelled = true;
    }

    /** What was copied; empty when there was nothing to do. */
    @Override
    public Optional<CompactedRows> get() {
        try {
            return run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException();
        }
    }

    private Optional<CompactedRows> run() throws IOException, InterruptedException {
        requireWanted();
        Table table = fresh.get();
        if (table.currentSnapshot() == null) {
            return Optional.empty();
        }
        CompactionPlan plan = plan(table);
        if (plan.isEmpty()) {
            return Optional.empty();
        }
        share = plan.deletedFraction() > HEAVILY_DELETED ? 1 : options.cpuShare();
        sliceBegan = System.nanoTime();
        return Optional.of(new RowCopier(table, targetFileSizeBytes, this).copy(plan));
    }

    /** Threads that waited for more would be there for each of many tables. */
    private CompactionPlan plan(Table table) {
        ExecutorService manifests = ManifestThreads.create();
        try {
            return new CompactionPlanner(options, fullBytes, manifests).plan(table);
        } finally {
            manifests.shutdownNow();
        }
    }

    private void requireWanted() {
        if (cancelled) {
            throw new CancellationException();
        }
    }

    /** Rests after each slice of work, for as long as the share asks. */
    @Override
    public void take() throws InterruptedException {
        requireWanted();
        Worker.step();
        long worked = System.nanoTime() - sliceBegan;
        if (worked >= SLICE_NANOS) {
            long rest = Math.min((long) (worked * (1 - share) / share), MAX_REST_NANOS);
            if (rest > 0) {
                TimeUnit.NANOSECONDS.sleep(rest);
                requireWanted();
            }
            sliceBegan = System.nanoTime();
        }
    }
}
