// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.sink.iceberg.internal.index.Location;
import io.philotes.sink.iceberg.internal.value.KeyEncoder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills the key index of one table, from its checkpoint as far as there is one that fits, and from the data files that are
 * newer; and keeps the checkpoint. Confined to the thread that works on the table.
 */
final class KeyLearner implements RowIndex {

    private static final Logger LOG = LoggerFactory.getLogger(KeyLearner.class);

    /** Below, a scan is as fast as the file. */
    private static final long WORTH_SAVING = 100_000;

    private final TargetTable target;
    private final LiveFiles files;
    private final KeyLocator locator;
    private final Optional<IndexCheckpoint> checkpoint;
    private boolean complete;

    KeyLearner(TargetTable target, LiveFiles files, KeyLocator locator, Optional<IndexCheckpoint> checkpoint) {
        this.target = target;
        this.files = files;
        this.locator = locator;
        this.checkpoint = checkpoint;
    }

    /** Learns all rows of the table; throws STORAGE_FAILED, and what {@link TableFollower#follow} throws. */
    void begin(KeyEncoder encoder, TombstoneColumn tombstone) {
        long began = System.nanoTime();
        forget();
        if (!resumes(encoder, tombstone)) {
            forget();
            follow(encoder, tombstone);
        }
        LOG.info(
                "The row index has {} keys in {} KiB, after {} ms; table={}",
                locator.size(),
                locator.indexBytes() >> 10,
                Duration.ofNanos(System.nanoTime() - began).toMillis(),
                target.source());
    }

    private void forget() {
        locator.unlearn();
        files.recallNoMore();
        files.retainCommitted(Set.of());
        // Numbers may begin at an earlier one again.
        files.dropForwards();
    }

    /**
     * Begins with the checkpoint. That nothing is missing in it is proven by counting: an entry was learnt from the row it
     * points to, and data files never change, so as many live entries as live rows are an entry for each of them. A key
     * without one would become a second row.
     */
    private boolean resumes(KeyEncoder encoder, TombstoneColumn tombstone) {
        boolean loaded = files.all().isEmpty()
                && checkpoint.filter(saved -> saved.load(files, locator)).isPresent();
        if (!loaded) {
            return false;
        }
        follow(encoder, tombstone);
        long rows = files.all().stream()
                .mapToLong(
                        file -> file.dataFile().recordCount() - file.deleted().cardinality())
                .sum();
        long known = locator.countLive();
        if (known != rows) {
            LOG.warn(
                    "The saved row index is not used: with it {} of {} live rows are known; table={}",
                    known,
                    rows,
                    target.source());
        }
        return known == rows;
    }

    /** Learns the rows of files that are new; throws as {@link #begin} does, and the index is of no use then. */
    void follow(KeyEncoder encoder, TombstoneColumn tombstone) {
        complete = false;
        List<LiveFile> added = new TableFollower(target, files).follow();
        files.recallNoMore();
        DataFileReader reader = new DataFileReader(target.source(), target.table());
        for (LiveFile file : added) {
            learn(file, reader, encoder, tombstone);
        }
        complete = true;
    }

    private void learn(LiveFile file, DataFileReader reader, KeyEncoder encoder, TombstoneColumn tombstone) {
        reader.read(file.dataFile(), tombstone.with(encoder.projection()), (position, record) -> {
            if (!file.deleted().isDeleted(position)) {
                encoder.encode(record);
                locator.learn(encoder.hi(), encoder.lo(), Location.of(file.ordinal(), position));
                if (tombstone.isSet(record)) {
                    file.tombstones().delete(position);
                }
            }
            return true;
        });
    }

    @Override
    public boolean isSaveDue() {
        return checkpoint.isPresent() && complete && locator.changes() >= Math.max(WORTH_SAVING, locator.size() / 2);
    }

    @Override
    public void saveIfDue() {
        if (isSaveDue()) {
            save();
        }
    }

    @Override
    public void save() {
        if (checkpoint.isEmpty() || !complete) {
            return;
        }
        // What is saved names files of the table only.
        locator.relocate();
        if (locator.changes() > 0) {
            checkpoint.get().save(files, locator);
        }
    }

    @Override
    public void release() {
        complete = false;
        locator.release();
    }
}
