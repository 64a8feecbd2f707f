// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.sink.iceberg.internal.index.HashKeyIndex;
import io.philotes.sink.iceberg.internal.index.KeyIndex;
import io.philotes.sink.iceberg.internal.index.KeyOverlay;
import io.philotes.sink.iceberg.internal.index.LongKeyIndex;
import java.util.function.LongConsumer;

/**
 * Where the row of a key is: what this commit staged, else what the index of the table says. Index entries are hints: one
 * counts only while its row is live. Confined to one thread.
 */
final class KeyLocator {

    private final LiveFiles files;
    private final KeyIndex index;
    private final KeyOverlay overlay;

    KeyLocator(LiveFiles files, boolean integerKeys) {
        this.files = files;
        this.index = integerKeys ? new LongKeyIndex() : new HashKeyIndex();
        this.overlay = new KeyOverlay(index);
    }

    /** The row's location, or {@link KeyIndex#NOT_FOUND}. */
    long locate(long hi, long lo) {
        return live(overlay.find(hi, lo));
    }

    private long live(long hint) {
        return hint == KeyIndex.NOT_FOUND ? hint : files.resolve(hint);
    }

    /** This commit puts the key's row there. */
    void stage(long hi, long lo, long location) {
        overlay.put(hi, lo, location);
    }

    /** This commit leaves the key without a row in a file. */
    void stageRemoval(long hi, long lo) {
        overlay.remove(hi, lo);
    }

    /** This commit removes every row of the table. */
    void stageEmptying() {
        overlay.clear();
    }

    /** Gives the table's rows of all keys that this commit touches: they are what it must delete there. */
    void committedOfStaged(LongConsumer locations) {
        overlay.forEachStaged((hi, lo, staged) -> {
            long at = live(overlay.findInBase(hi, lo));
            if (at != KeyIndex.NOT_FOUND) {
                locations.accept(at);
            }
        });
    }

    /** Learns a row of the table; legal while something is staged. */
    void learn(long hi, long lo, long location) {
        index.put(hi, lo, location);
    }

    /** Follows rows that compaction moved; only while nothing is staged. */
    void relocate() {
        index.relocate(files::follow);
    }

    /** The commit landed. */
    void apply() {
        overlay.applyTo(index);
    }

    /** Drops what this commit staged. */
    void forget() {
        overlay.discard();
    }

    long indexBytes() {
        return index.heapBytes();
    }

    long overlayBytes() {
        return overlay.isEmpty() ? 0 : overlay.heapBytes();
    }
}
