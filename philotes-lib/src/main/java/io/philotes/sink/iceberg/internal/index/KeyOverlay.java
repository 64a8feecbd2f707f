// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.index;

/**
 * The changes of a commit on top of an index that stays as it is until they land. Confined to one thread; nobody else may
 * change the base while something is staged, except to say better where committed rows are.
 */
public final class KeyOverlay {

    /** Nothing is staged for the key: what the base says counts. */
    private static final long UNTOUCHED = KeyTable.ABSENT;

    private static final long REMOVED = -2;

    private final KeyIndex base;
    private final KeyTable staged;
    private boolean cleared;

    public KeyOverlay(KeyIndex base, TableMemory memory) {
        this.base = base;
        this.staged = KeyTable.of(base.keyLongs(), memory);
    }

    /** The key's location as of all changes, {@link KeyIndex#NOT_FOUND} when it has none. */
    public long find(long hi, long lo) {
        long value = staged.find(hi, lo);
        if (value == UNTOUCHED) {
            return findInBase(hi, lo);
        }
        return value == REMOVED ? KeyIndex.NOT_FOUND : value;
    }

    /** The key's location before the staged changes: {@link KeyIndex#NOT_FOUND} when it has none or all were cleared. */
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

    /** Whether nothing is staged. */
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

    /** Bytes in use. */
    public long bytes() {
        return staged.bytes();
    }

    /** Makes all changes in {@code target}, which is the base or became it, and stages nothing any more. */
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

    /** Forgets all changes. */
    public void discard() {
        staged.clear();
        cleared = false;
    }

    /** The same, and gives all memory back. */
    public void release() {
        discard();
        staged.release();
    }
}
