// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.index;

/**
 * The changes of one commit on top of a {@link MultiIndex} that stays as it is until {@link #applyTo}. Confined to one thread;
 * the base must not change while something is staged.
 */
public final class MultiOverlay {

    private static final long EXHAUSTED = Long.MIN_VALUE;

    private final MultiIndex base;
    private final MultiIndex added;
    private final MultiIndex removed;
    private final LongKeyIndex removedLocations;

    /** Where in the base the next {@link #takeAny} of a hash goes on, so that many of one hash do not begin anew each time. */
    private final SegmentedTable resumeAt;

    private boolean cleared;

    public MultiOverlay(MultiIndex base, TableMemory memory) {
        this.base = base;
        this.added = new MultiIndex(memory);
        this.removed = new MultiIndex(memory);
        this.removedLocations = new LongKeyIndex(memory);
        this.resumeAt = new SegmentedTable(2, memory);
    }

    /** Stages a location. */
    public void add(long hi, long lo, long location) {
        added.add(hi, lo, location);
    }

    /**
     * Stages the removal of one of the locations and returns it, one that was staged first; {@link KeyIndex#NOT_FOUND} when
     * there is none.
     */
    public long takeAny(long hi, long lo) {
        long staged = added.takeAny(hi, lo);
        return staged != KeyIndex.NOT_FOUND ? staged : takeFromBase(hi, lo);
    }

    /** Like {@link #takeAny}, but passes over what was staged; {@link KeyIndex#NOT_FOUND} after {@link #clear}. */
    public long takeFromBase(long hi, long lo) {
        if (cleared) {
            return KeyIndex.NOT_FOUND;
        }
        long place = resumeAt.find(hi, lo);
        place = place == KeyTable.ABSENT ? base.first(hi, lo) : place;
        long taken = KeyIndex.NOT_FOUND;
        while (taken == KeyIndex.NOT_FOUND && place != EXHAUSTED && place != KeyIndex.NOT_FOUND) {
            long location = base.locationAt(place);
            place = base.next(place);
            if (!isRemoved(location)) {
                taken = location;
                stageRemoval(hi, lo, location);
            }
        }
        resumeAt.put(hi, lo, place == KeyIndex.NOT_FOUND ? EXHAUSTED : place);
        return taken;
    }

    /** Stages the removal of one location; false when it is not there. */
    public boolean remove(long hi, long lo, long location) {
        if (added.remove(hi, lo, location)) {
            return true;
        }
        if (cleared || isRemoved(location) || !base.contains(hi, lo, location)) {
            return false;
        }
        stageRemoval(hi, lo, location);
        return true;
    }

    private boolean isRemoved(long location) {
        return removedLocations.find(0, location) != KeyIndex.NOT_FOUND;
    }

    private void stageRemoval(long hi, long lo, long location) {
        removed.add(hi, lo, location);
        removedLocations.put(0, location, 0);
    }

    /** Stages the removal of everything, as TRUNCATE does; what was staged before is gone with it. */
    public void clear() {
        discard();
        cleared = true;
    }

    /** Visits every location of the base whose removal is staged; what {@link #clear} removed is not visited. */
    public void forEachRemoved(KeyIndex.Visitor visitor) {
        removed.forEach(visitor);
    }

    /** Takes the staged removals back; the base may change then. */
    public void restoreRemoved() {
        removed.clear();
        removedLocations.clear();
        resumeAt.clear();
    }

    public boolean isEmpty() {
        return !cleared && added.size() == 0 && removed.size() == 0;
    }

    /** Locations with the staged changes. */
    public long size() {
        return (cleared ? 0 : base.size() - removed.size()) + added.size();
    }

    /** Bytes in use off the heap, the base aside. */
    public long bytes() {
        return added.bytes() + removed.bytes() + removedLocations.bytes() + resumeAt.bytes();
    }

    /** Makes the changes in {@code target}, which is the base or became it, and stages nothing any more. */
    public void applyTo(MultiIndex target) {
        if (cleared) {
            target.clear();
        }
        removed.forEachHash((hi, lo, first) -> target.removeIf(hi, lo, this::isRemoved));
        added.forEach(target::add);
        discard();
    }

    /** Forgets the changes. */
    public void discard() {
        added.clear();
        removed.clear();
        removedLocations.clear();
        resumeAt.clear();
        cleared = false;
    }

    /** The same, and gives all memory back. */
    public void release() {
        discard();
        added.release();
        removed.release();
        removedLocations.release();
        resumeAt.release();
    }
}
