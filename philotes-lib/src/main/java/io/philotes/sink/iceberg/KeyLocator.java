// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.sink.iceberg.internal.call.Worker;
import io.philotes.sink.iceberg.internal.index.HashKeyIndex;
import io.philotes.sink.iceberg.internal.index.IndexInput;
import io.philotes.sink.iceberg.internal.index.IndexOutput;
import io.philotes.sink.iceberg.internal.index.KeyIndex;
import io.philotes.sink.iceberg.internal.index.KeyOverlay;
import io.philotes.sink.iceberg.internal.index.LongKeyIndex;
import io.philotes.sink.iceberg.internal.index.TableMemory;
import java.io.IOException;
import java.util.function.LongConsumer;

/**
 * Where the row of a key is: what this commit staged, else what the index of the table says. Index entries are hints: one
 * counts only while its row is live. Confined to one thread.
 */
final class KeyLocator {

    private final LiveFiles files;
    private final KeyIndex index;
    private final KeyOverlay overlay;
    private long changes;

    KeyLocator(LiveFiles files, boolean integerKeys, TableMemory memory) {
        this.files = files;
        this.index = integerKeys ? new LongKeyIndex(memory) : new HashKeyIndex(memory);
        this.overlay = new KeyOverlay(index, memory);
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

    /** Gives the rows of all keys that this commit touches, as they are before it: they are what it must delete. */
    void committedOfStaged(LongConsumer locations) {
        overlay.forEachStaged((hi, lo, staged) -> accept(overlay.findInBase(hi, lo), locations));
    }

    private void accept(long hint, LongConsumer locations) {
        long at = live(hint);
        if (at != KeyIndex.NOT_FOUND) {
            locations.accept(at);
        }
    }

    /** Learns a row of the table; legal while something is staged. */
    void learn(long hi, long lo, long location) {
        index.put(hi, lo, location);
        changes++;
    }

    void save(IndexOutput out) throws IOException {
        index.save(out);
        changes = 0;
    }

    /** Takes what was saved; only when nothing was learnt or staged. */
    void load(IndexInput in) throws IOException {
        index.load(in);
    }

    /** Forgets what was learnt. */
    void unlearn() {
        index.release();
        changes = 0;
    }

    /** Keys of which the index knows a place, live or not. */
    long size() {
        return index.size();
    }

    /** Entries that came, changed or went since the index was {@linkplain #save saved} or loaded. */
    long changes() {
        return changes;
    }

    /** How many entries tell where a live row is; as many as live rows, unless the index misses some or two share a key. */
    long countLive() {
        long[] live = new long[1];
        index.forEach((hi, lo, location) -> live[0] += files.resolve(location) == location ? 1 : 0);
        return live[0];
    }

    /** Lets every entry name the file that its row is in now, also where compaction moved it; then no file needs to be followed. */
    void relocate() {
        if (files.hasForwards()) {
            index.relocate(Worker.stepping(files::follow));
            files.dropForwards();
            changes++;
        }
    }

    /** The commit landed. */
    void apply() {
        changes += overlay.size();
        overlay.applyTo(index);
    }

    /** Drops everything staged. */
    void forget() {
        overlay.discard();
    }

    /** Forgets everything and gives all memory back. */
    void release() {
        overlay.release();
        index.release();
    }

    long indexBytes() {
        return index.bytes();
    }

    long overlayBytes() {
        return overlay.isEmpty() ? 0 : overlay.bytes();
    }
}
