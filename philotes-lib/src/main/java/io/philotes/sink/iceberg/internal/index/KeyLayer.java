// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.index;

/** What one commit changes in an index: new locations, removals, or that everything goes first. Confined to one thread. */
final class KeyLayer {

    /** Nothing is staged for the key: what lies beneath counts. */
    static final long UNTOUCHED = KeyTable.ABSENT;

    private static final long REMOVED = -2;

    private final KeyTable staged;
    private boolean cleared;

    KeyLayer(int keyLongs, TableMemory memory) {
        this.staged = KeyTable.of(keyLongs, memory);
    }

    /** The staged location, {@link KeyIndex#NOT_FOUND} for a removal, or what {@code beneath} has. */
    long find(KeyLookup beneath, long hi, long lo) {
        long value = staged.find(hi, lo);
        if (value == UNTOUCHED) {
            return findBeneath(beneath, hi, lo);
        }
        return value == REMOVED ? KeyIndex.NOT_FOUND : value;
    }

    /** What {@code beneath} has, as far as this layer leaves it. */
    long findBeneath(KeyLookup beneath, long hi, long lo) {
        return cleared ? KeyIndex.NOT_FOUND : beneath.find(hi, lo);
    }

    void put(long hi, long lo, long location) {
        staged.put(hi, lo, location);
    }

    void remove(long hi, long lo, boolean isBeneath) {
        if (isBeneath) {
            staged.put(hi, lo, REMOVED);
        } else {
            staged.remove(hi, lo);
        }
    }

    void clear() {
        staged.clear();
        cleared = true;
    }

    boolean isCleared() {
        return cleared;
    }

    boolean isEmpty() {
        return !cleared && staged.size() == 0;
    }

    long size() {
        return staged.size();
    }

    long bytes() {
        return staged.bytes();
    }

    /** Visits every key with a staged change, {@link KeyIndex#NOT_FOUND} for a removal. */
    void forEach(KeyIndex.Visitor visitor) {
        staged.forEach((hi, lo, value) -> visitor.visit(hi, lo, value == REMOVED ? KeyIndex.NOT_FOUND : value));
    }

    /** Makes the changes in {@code target} and stages nothing any more. */
    void applyTo(KeyIndex target) {
        if (cleared) {
            target.clear();
        }
        staged.forEach((hi, lo, value) -> {
            if (value == REMOVED) {
                target.remove(hi, lo);
            } else {
                target.put(hi, lo, value);
            }
        });
        discard();
    }

    void discard() {
        staged.clear();
        cleared = false;
    }

    void release() {
        staged.release();
        cleared = false;
    }
}
