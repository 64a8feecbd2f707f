// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * Where the row of a key is: what this commit staged, else what the index of the table says. Keys are two numbers, of which
 * the first is 0 for integer keys. Confined to one thread.
 */
final class KeyLocator {

    private record Key(long hi, long lo) {}

    private final LiveFiles files;
    private final Map<Key, Long> index = new HashMap<>();
    private final Map<Key, Long> overlay = new HashMap<>();
    private boolean tableIsEmptied;

    KeyLocator(LiveFiles files) {
        this.files = files;
    }

    /** The row's location, or {@link RowLocation#NONE}. */
    long locate(long hi, long lo) {
        Long staged = overlay.get(new Key(hi, lo));
        return staged != null ? staged : committed(hi, lo);
    }

    private long committed(long hi, long lo) {
        Long hint = tableIsEmptied ? null : index.get(new Key(hi, lo));
        return hint != null && files.isLive(hint) ? hint : RowLocation.NONE;
    }

    /** This commit puts the key's row there. */
    void stage(long hi, long lo, long location) {
        overlay.put(new Key(hi, lo), location);
    }

    /** This commit leaves the key without a row in a file. */
    void stageRemoval(long hi, long lo) {
        overlay.put(new Key(hi, lo), RowLocation.NONE);
    }

    /** This commit removes every row of the table. */
    void stageEmptying() {
        overlay.clear();
        tableIsEmptied = true;
    }

    /** Gives the table's rows of all keys that this commit touches: they are what it must delete there. */
    void committedOfStaged(LongConsumer locations) {
        for (Key key : overlay.keySet()) {
            long at = committed(key.hi(), key.lo());
            if (at != RowLocation.NONE) {
                locations.accept(at);
            }
        }
    }

    /** Learns a row of the table. */
    void learn(long hi, long lo, long location) {
        index.put(new Key(hi, lo), location);
    }

    /** The commit landed. */
    void apply() {
        if (tableIsEmptied) {
            index.clear();
        }
        overlay.forEach((key, at) -> {
            if (at == RowLocation.NONE) {
                index.remove(key);
            } else {
                index.put(key, at);
            }
        });
        forget();
    }

    /** Drops what this commit staged. */
    void forget() {
        overlay.clear();
        tableIsEmptied = false;
    }

    long indexBytes() {
        return index.size() * 100L;
    }

    long overlayBytes() {
        return overlay.size() * 100L;
    }
}
