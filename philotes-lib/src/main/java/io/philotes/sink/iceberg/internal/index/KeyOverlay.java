// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.index;

/**
 * The changes of a commit on top of an index that stays as it is until they land, in up to two layers: what is being staged,
 * over what was {@linkplain #freeze frozen} and is on its way into the table. So the next commit is filled while one is
 * under way. Confined to one thread at a time; nobody else may change the base while something is staged, except to
 * say better where committed rows are.
 *
 * <pre>
 * staged   find, put, remove, clear
 * frozen   the commit under way; read only until land or discard
 * base     the rows of the table
 * </pre>
 */
public final class KeyOverlay {

    private final KeyIndex base;
    private KeyLayer staged;
    private KeyLayer frozen;
    private boolean isFrozen;

    /** Made once: it is needed for each staged key. */
    private final KeyLookup beneath = this::findFrozen;

    public KeyOverlay(KeyIndex base, TableMemory memory) {
        this.base = base;
        this.staged = new KeyLayer(base.keyLongs(), memory);
        this.frozen = new KeyLayer(base.keyLongs(), memory);
    }

    /** The key's location as of all changes, {@link KeyIndex#NOT_FOUND} when it has none. */
    public long find(long hi, long lo) {
        return staged.find(beneath, hi, lo);
    }

    private long findFrozen(long hi, long lo) {
        return isFrozen ? frozen.find(base, hi, lo) : base.find(hi, lo);
    }

    /**
     * The key's location before the staged changes, as of the frozen ones: {@link KeyIndex#NOT_FOUND} when it has none or
     * all were cleared.
     */
    public long findInBase(long hi, long lo) {
        return staged.findBeneath(beneath, hi, lo);
    }

    /** The key's location before the frozen changes, {@link KeyIndex#NOT_FOUND} when it has none or they cleared all. */
    public long findUnderFrozen(long hi, long lo) {
        return frozen.findBeneath(base, hi, lo);
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
        staged.remove(hi, lo, findInBase(hi, lo) != KeyIndex.NOT_FOUND);
        return there;
    }

    /** Stages the removal of everything, as TRUNCATE does; what was staged before is gone with it. */
    public void clear() {
        staged.clear();
    }

    /** Whether {@link #clear} was staged. */
    public boolean isCleared() {
        return staged.isCleared();
    }

    /** Whether nothing is staged; what is frozen does not count. */
    public boolean isEmpty() {
        return staged.isEmpty();
    }

    /** Visits every key with a staged change, {@link KeyIndex#NOT_FOUND} for a removal; what {@link #clear} removed is not visited. */
    public void forEachStaged(KeyIndex.Visitor visitor) {
        staged.forEach(visitor);
    }

    /** The same of the frozen changes. */
    public void forEachFrozen(KeyIndex.Visitor visitor) {
        frozen.forEach(visitor);
    }

    /** Changes of keys, staged and frozen ones. */
    public long size() {
        return staged.size() + frozen.size();
    }

    /** Bytes in use by both layers. */
    public long bytes() {
        return staged.bytes() + frozen.bytes();
    }

    /**
     * What is staged becomes the commit under way, and nothing is staged any more.
     *
     * @throws IllegalStateException while another one is under way
     */
    public void freeze() {
        if (isFrozen) {
            throw new IllegalStateException("a commit is under way already");
        }
        KeyLayer empty = frozen;
        frozen = staged;
        staged = empty;
        isFrozen = true;
    }

    /** Whether a commit is under way. */
    public boolean isFrozen() {
        return isFrozen;
    }

    /**
     * The commit under way landed: makes its changes in {@code target}, which is the base or became it. What is staged stays
     * and means the same.
     *
     * @throws IllegalStateException when none is under way
     */
    public void land(KeyIndex target) {
        if (!isFrozen) {
            throw new IllegalStateException("no commit is under way");
        }
        frozen.applyTo(target);
        isFrozen = false;
    }

    /** Makes all changes in {@code target}, which is the base or became it, and stages nothing any more. */
    public void applyTo(KeyIndex target) {
        frozen.applyTo(target);
        isFrozen = false;
        staged.applyTo(target);
    }

    /** Forgets all changes, those of a commit under way too. */
    public void discard() {
        staged.discard();
        frozen.discard();
        isFrozen = false;
    }

    /** The same, and gives all memory back. */
    public void release() {
        discard();
        staged.release();
        frozen.release();
    }
}
