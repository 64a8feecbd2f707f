// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.sink.iceberg.internal.call.Worker;
import io.philotes.sink.iceberg.internal.index.KeyIndex;
import io.philotes.sink.iceberg.internal.index.MultiIndex;
import io.philotes.sink.iceberg.internal.index.MultiOverlay;
import io.philotes.sink.iceberg.internal.index.TableMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Where the rows of a table without a key are, by their 128-bit hash; any number may share one. Rows of this commit are
 * taken before rows of the table. Holds live rows only: after somebody else's commit it is learnt anew, so there is no copy
 * of it for the next start. Confined to one thread.
 */
final class MultisetLocator implements RowIndex {

    private final MultiIndex index;
    private final MultiOverlay overlay;
    private final LiveFiles files;

    MultisetLocator(LiveFiles files, TableMemory memory) {
        this.files = files;
        this.index = new MultiIndex(memory);
        this.overlay = new MultiOverlay(index, memory);
    }

    private record Hash(long hi, long lo) {}

    /** Learns a row of the table. */
    void learn(long hi, long lo, long location) {
        index.add(hi, lo, location);
    }

    /** This commit puts a row there. */
    void stage(long hi, long lo, long location) {
        overlay.add(hi, lo, location);
    }

    /** One row that looks like this, which is no longer there afterwards; {@link KeyIndex#NOT_FOUND} when there is none. */
    long take(long hi, long lo) {
        return now(overlay.takeAny(hi, lo));
    }

    /** Index and overlay know a row by the place where it was first. */
    private long now(long location) {
        return location == KeyIndex.NOT_FOUND ? location : files.follow(location);
    }

    /** Lets every entry name the file that its row is in now, also where compaction moved it; then no file needs to be followed. */
    void relocate() {
        if (files.hasForwards()) {
            index.relocate(Worker.stepping(files::follow));
            files.dropForwards();
        }
    }

    /** This commit removes that row of the table. */
    void stageRemoval(long hi, long lo, long location) {
        overlay.remove(hi, lo, location);
    }

    /** This commit removes every row of the table. */
    void stageEmptying() {
        overlay.clear();
    }

    /**
     * Forgets the table's rows, lets {@code relearn} learn them again, and takes as many of them as before.
     *
     * @return false when there were not as many
     */
    boolean retake(Runnable relearn, LongConsumer taken) {
        List<Hash> before = new ArrayList<>();
        overlay.forEachRemoved((hi, lo, location) -> before.add(new Hash(hi, lo)));
        overlay.restoreRemoved();
        index.clear();
        relearn.run();
        boolean complete = true;
        for (Hash hash : before) {
            long at = overlay.takeFromBase(hash.hi(), hash.lo());
            if (at == KeyIndex.NOT_FOUND) {
                complete = false;
            } else {
                taken.accept(at);
            }
        }
        return complete;
    }

    /** The commit landed. */
    void apply() {
        overlay.applyTo(index);
    }

    /** Drops what this commit staged. */
    void forget() {
        overlay.discard();
    }

    /** Forgets everything, and where compaction moved rows to: what is learnt from now on is where they are now. */
    void clear() {
        overlay.discard();
        index.clear();
        files.dropForwards();
    }

    @Override
    public void release() {
        overlay.release();
        index.release();
    }

    /** Rows that are known, with the staged changes. */
    long size() {
        return overlay.size();
    }

    /** Bytes in use off the heap. */
    long bytes() {
        return index.bytes() + overlay.bytes();
    }

    long overlayBytes() {
        return overlay.isEmpty() ? 0 : overlay.bytes();
    }
}
