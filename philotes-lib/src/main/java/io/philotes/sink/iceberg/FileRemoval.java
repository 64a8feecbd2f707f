// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.sink.SinkContext;
import io.philotes.sink.iceberg.SnapshotKeeper.Leftovers;
import io.philotes.sink.iceberg.SnapshotKeeper.Name;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.util.PropertyUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes files that tables do not need any more, beside the commits: on a thread of its own, with tables that it loads itself,
 * so nobody waits for it and nothing is shared with what writes. What it fails at is tried again. Belongs to the apply thread.
 */
final class FileRemoval {

    private static final Logger LOG = LoggerFactory.getLogger(FileRemoval.class);

    private static final int MANY_FILES = 1_000;

    private final TargetOpener opener;
    private final SnapshotKeeper keeper;
    private final BackgroundCall call;
    private Instant next = Instant.MIN;

    FileRemoval(TargetOpener opener, BoundedCalls calls) {
        this.opener = opener;
        this.keeper = opener.keeper();
        this.call = new BackgroundCall(calls, "remove files of expired table snapshots");
    }

    /** Begins a round when there is something to do; to be called again and again. */
    void tick(SinkContext context) {
        Instant now = context.clock().instant();
        if (now.isBefore(next)) {
            return;
        }
        List<Name> due = keeper.due(now);
        if (!due.isEmpty() && call.begin(() -> due.forEach(table -> remove(table, now, context)))) {
            next = now.plus(keeper.keepFiles());
        }
    }

    void stop() {
        call.stop();
    }

    private void remove(Name name, Instant now, SinkContext context) {
        Leftovers leftovers = keeper.leftovers(name, now);
        try {
            Optional<Table> table = opener.find(name.source()).filter(found -> isOurs(found, name, context));
            if (table.isPresent()) {
                List<String> files = new ExpiredFiles(table.get()).find(leftovers);
                StorageCleanup.delete(table.get().io(), files);
                tell(name, leftovers, files);
            }
            keeper.forget(name, leftovers.due().size());
        } catch (RuntimeException e) {
            Worker.step();
            LOG.warn("Could not remove files of expired table snapshots, table={}: {}", name.source(), e.toString());
        }
    }

    private static void tell(Name name, Leftovers leftovers, List<String> files) {
        LOG.atLevel(files.size() < MANY_FILES ? org.slf4j.event.Level.DEBUG : org.slf4j.event.Level.INFO)
                .log(
                        "Removed {} files of {} expired table snapshots, table={}",
                        files.size(),
                        leftovers.due().size(),
                        name.source());
    }

    /** A table that passed to somebody else is theirs to tidy. */
    private static boolean isOurs(Table table, Name name, SinkContext context) {
        return table.uuid().equals(name.table())
                && context.pipelineId().equals(table.properties().get(TargetProperties.OWNER))
                && PropertyUtil.propertyAsBoolean(
                        table.properties(), TableProperties.GC_ENABLED, TableProperties.GC_ENABLED_DEFAULT);
    }
}
