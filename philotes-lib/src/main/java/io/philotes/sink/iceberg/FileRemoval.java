// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.metrics.PipelineMetrics.CommitOutcome;
import io.philotes.metrics.PipelineMetrics.Upkeep;
import io.philotes.model.TableId;
import io.philotes.sink.SinkContext;
import io.philotes.sink.iceberg.SnapshotKeeper.Leftovers;
import io.philotes.sink.iceberg.SnapshotKeeper.Name;
import io.philotes.sink.iceberg.internal.call.BackgroundCall;
import io.philotes.sink.iceberg.internal.call.BoundedCalls;
import io.philotes.sink.iceberg.internal.call.Worker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.util.PropertyUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Deletes files that tables do not need any more, beside the commits: on a thread of its own, with tables that it loads itself,
 * so nobody waits for it and nothing is shared with what writes. What it fails at is tried again. Belongs to the apply thread.
 */
final class FileRemoval {

    private static final Logger LOG = LoggerFactory.getLogger(FileRemoval.class);

    private static final int MANY_FILES = 1_000;

    /** Orphans are rare, and to find them the storage lists all files of a table. */
    private static final Duration ORPHANS_EVERY = Duration.ofDays(1);

    /** By as much the storage's clock may differ from ours. */
    private static final Duration CLOCKS_DIFFER = Duration.ofHours(1);

    private final TargetOpener opener;
    private final SnapshotKeeper keeper;
    private final Optional<Duration> orphansOlderThan;
    private final BackgroundCall call;
    private final Deque<TableId> unswept = new ArrayDeque<>();
    private Instant nextExpired = Instant.MIN;
    private Instant nextOrphans = Instant.MAX;
    private Instant opened = Instant.MAX;
    private boolean expiredLast;

    FileRemoval(TargetOpener opener, Optional<Duration> orphansOlderThan, BoundedCalls calls) {
        this.opener = opener;
        this.keeper = opener.keeper();
        this.orphansOlderThan = orphansOlderThan;
        this.call = new BackgroundCall(calls, "remove files that tables do not need any more");
    }

    /**
     * The sink is opened, and nothing is staged. What an earlier process knew of expired table snapshots is lost, so what
     * may still be read is left alone for as long as that takes.
     */
    void start(Instant now) {
        opened = now;
        unswept.clear();
        nextExpired = Instant.MIN;
        nextOrphans = now.plus(keeper.keepFiles());
    }

    /** Begins something when there is something to do; to be called again and again, between commits. */
    void tick(SinkContext context, Collection<TableId> tables) {
        Instant now = context.clock().instant();
        // By turns: some may be due after every commit, when files need not stay for long.
        if (expiredLast && beginOrphans(context, tables, now)) {
            expiredLast = false;
        } else if (beginExpired(context, now)) {
            expiredLast = true;
        } else {
            beginOrphans(context, tables, now);
        }
    }

    private boolean beginExpired(SinkContext context, Instant now) {
        List<Name> due = now.isBefore(nextExpired) ? List.of() : keeper.due(now);
        boolean begun = !due.isEmpty() && call.begin(() -> due.forEach(table -> removeExpired(table, now, context)));
        if (begun) {
            nextExpired = now.plus(keeper.keepFiles());
        }
        return begun;
    }

    private boolean beginOrphans(SinkContext context, Collection<TableId> tables, Instant now) {
        if (orphansOlderThan.isPresent() && !now.isBefore(nextOrphans)) {
            nextOrphans = now.plus(ORPHANS_EVERY);
            unswept.clear();
            unswept.addAll(tables);
        }
        TableId next = unswept.peek();
        boolean begun = next != null && call.begin(() -> removeOrphans(next, now, context));
        if (begun) {
            unswept.remove();
        }
        return begun;
    }

    /** Waits until nothing is under way. */
    void await() {
        call.await();
    }

    void stop() {
        call.stop();
    }

    private void removeExpired(Name name, Instant now, SinkContext context) {
        Leftovers leftovers = keeper.leftovers(name, now);
        TendingTimer timer = new TendingTimer(context, name.source(), Upkeep.EXPIRE);
        try {
            Optional<Table> table =
                    ours(name.source(), context).filter(found -> found.uuid().equals(name.table()));
            if (table.isPresent()) {
                List<String> files = new ExpiredFiles(table.get()).find(leftovers);
                remove(table.get(), name.source(), files, "of expired table snapshots", context);
            }
            keeper.forget(name, leftovers.due().size());
            timer.ended(CommitOutcome.SUCCESS);
        } catch (RuntimeException e) {
            timer.ended(CommitOutcome.FAILURE);
            Worker.step();
            LOG.warn("Could not remove files of expired table snapshots, table={}: {}", name.source(), e.toString());
        }
    }

    private void removeOrphans(TableId source, Instant now, SinkContext context) {
        Duration age = orphansOlderThan.orElseThrow();
        Instant notStaged = opened.minus(CLOCKS_DIFFER);
        TendingTimer timer = new TendingTimer(context, source, Upkeep.ORPHANS);
        try {
            ours(source, context).ifPresent(table -> {
                Name name = new Name(source, table.uuid());
                List<String> files = new OrphanFiles(table, age, now, notStaged)
                        .find(keeper.leftovers(name, now).all());
                remove(table, source, files, "that no table snapshot uses", context);
            });
            timer.ended(CommitOutcome.SUCCESS);
        } catch (RuntimeException e) {
            timer.ended(CommitOutcome.FAILURE);
            Worker.step();
            LOG.warn("Could not remove orphan files, table={}: {}", source, e.toString());
        }
    }

    private static void remove(Table table, TableId source, List<String> files, String which, SinkContext context) {
        if (!files.isEmpty()) {
            StorageCleanup.delete(table.io(), files);
            context.metrics().removed(source, files.size());
            LOG.atLevel(files.size() < MANY_FILES ? Level.DEBUG : Level.INFO)
                    .log("Removed {} files {}, table={}", files.size(), which, source);
        }
    }

    /** A table that passed to somebody else is theirs to tidy. */
    private Optional<Table> ours(TableId source, SinkContext context) {
        return opener.find(source)
                .filter(table -> context.pipelineId().equals(table.properties().get(TargetProperties.OWNER)))
                .filter(table -> PropertyUtil.propertyAsBoolean(
                        table.properties(), TableProperties.GC_ENABLED, TableProperties.GC_ENABLED_DEFAULT));
    }
}
