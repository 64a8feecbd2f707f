// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.index;

/**
 * The changes of one commit on top of an index that stays as it is until {@link #applyTo}. Confined to one thread; the base
 * must not change while something is staged.
 */
public final class KeyOverlay {

    private static final long REMOVED = -2;

    private final KeyIndex base;
    private final SegmentedTable staged;
    private boolean cleared;

    public KeyOverlay(KeyIndex base) {
        this.base = base;
        this.staged = new SegmentedTable(base.keyLongs());
    }

    /** The key's location as of the staged changes, {@link KeyIndex#NOT_FOUND} when it has none. */
    public long find(long hi, long lo) {
        long value = staged.find(hi, lo);
        if (value == SegmentedTable.ABSENT) {
            return cleared ? KeyIndex.NOT_FOUND : base.find(hi, lo);
        }
        return value == REMOVED ? KeyIndex.NOT_FOUND : value;
    }

    /** The key's location before the staged changes, {@link KeyIndex#NOT_FOUND} when it has none or all were cleared. */
    public long findInBase(long hi, long lo) {
        return cleared ? KeyIndex.NOT_FOUND : base.find(hi, lo);
    }

    /** Stages a location; a negative one is an {@link IllegalArgumentException}. */
    public void put(long hi, long lo, long location) {
        if (location < 0) {
            throw new IllegalArgumentException("not a location: " + location);
        }
        staged.put(hi, lo, location);
    }

    /** Stages a removal; false when the key was not there. */
    public boolean remove(long hi, long lo) {
        boolean there = find(hi, lo) != KeyIndex.NOT_FOUND;
        if (findInBase(hi, lo) != KeyIndex.NOT_FOUND) {
            staged.put(hi, lo, REMOVED);
        } else {
            staged.remove(hi, lo);
        }
        return there;
    }

    /** Stages the removal of everything, as TRUNCATE does; what was staged before is gone with it. */
    public void clear() {
        staged.clear();
        cleared = true;
    }

    /** Whether {@link #clear} was staged. */
    public boolean isCleared() {
        return cleared;
    }

    public boolean isEmpty() {
        return !cleared && staged.size() == 0;
    }

    /** Visits every key with a staged change, {@link KeyIndex#NOT_FOUND} for a removal; what {@link #clear} removed is not visited. */
    public void forEachStaged(KeyIndex.Visitor visitor) {
        staged.forEach((hi, lo, value) -> visitor.visit(hi, lo, value == REMOVED ? KeyIndex.NOT_FOUND : value));
    }

    /** Keys with a staged change. */
    public long size() {
        return staged.size();
    }

    /** Bytes of heap in use, the base aside. */
    public long heapBytes() {
        return staged.heapBytes();
    }

    /** Makes the changes in {@code target}, which is the base or became it, and stages nothing any more. */
    public void applyTo(KeyIndex target) {
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

    /** Forgets the changes. */
    public void discard() {
        staged.clear();
        cleared = false;
    }
}
