// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.index;

import java.util.function.LongPredicate;
import java.util.function.LongUnaryOperator;

/**
 * Where the rows of a table without a key are: a row's 128-bit hash to a multiset of locations. A hash with one location costs
 * what a {@link HashKeyIndex} entry does; each location of one with more, 12 bytes besides. Each location belongs to one row, so
 * it is added once. Confined to one thread.
 */
public final class MultiIndex {

    private final SegmentedTable table;
    private final LocationChains chains;
    private long size;

    public MultiIndex(TableMemory memory) {
        this.table = new SegmentedTable(2, memory);
        this.chains = new LocationChains(memory);
    }

    // A value of the table is a location, or -2 minus the first node of a chain.
    private static boolean isChain(long value) {
        return value < KeyTable.ABSENT;
    }

    private static int node(long value) {
        return (int) (-2 - value);
    }

    private static long chain(int node) {
        return -2L - node;
    }

    /** Adds a location; a negative one is an {@link IllegalArgumentException}. */
    public void add(long hi, long lo, long location) {
        if (location < 0) {
            throw new IllegalArgumentException("not a location: " + location);
        }
        long before = table.put(hi, lo, location);
        if (before != KeyTable.ABSENT) {
            int rest = isChain(before) ? node(before) : chains.add(before, LocationChains.END);
            table.put(hi, lo, chain(chains.add(location, rest)));
        }
        size++;
    }

    /** Removes one of the locations and returns it; {@link KeyIndex#NOT_FOUND} when there is none. */
    public long takeAny(long hi, long lo) {
        long value = table.find(hi, lo);
        if (value == KeyTable.ABSENT) {
            return KeyIndex.NOT_FOUND;
        }
        size--;
        if (!isChain(value)) {
            table.remove(hi, lo);
            return value;
        }
        int first = node(value);
        long location = chains.location(first);
        store(hi, lo, chains.next(first));
        chains.free(first);
        return location;
    }

    private void store(long hi, long lo, int first) {
        if (first == LocationChains.END) {
            table.remove(hi, lo);
        } else if (chains.next(first) == LocationChains.END) {
            table.put(hi, lo, chains.location(first));
            chains.free(first);
        } else {
            table.put(hi, lo, chain(first));
        }
    }

    /** Removes one location; false when it is not there. Takes as long as the hash has locations. */
    public boolean remove(long hi, long lo, long location) {
        return removeIf(hi, lo, candidate -> candidate == location) > 0;
    }

    /** Removes the hash's locations for which {@code gone} holds; returns how many. */
    public long removeIf(long hi, long lo, LongPredicate gone) {
        long value = table.find(hi, lo);
        if (!isChain(value)) {
            boolean found = value != KeyTable.ABSENT && gone.test(value);
            if (found) {
                table.remove(hi, lo);
                size--;
            }
            return found ? 1 : 0;
        }
        return removeFromChain(hi, lo, node(value), gone);
    }

    private long removeFromChain(long hi, long lo, int first, LongPredicate gone) {
        int head = first;
        int kept = LocationChains.END;
        long removed = 0;
        for (int node = first, next; node != LocationChains.END; node = next) {
            next = chains.next(node);
            if (!gone.test(chains.location(node))) {
                kept = node;
                continue;
            }
            if (kept == LocationChains.END) {
                head = next;
            } else {
                chains.link(kept, next);
            }
            chains.free(node);
            removed++;
        }
        size -= removed;
        store(hi, lo, head);
        return removed;
    }

    /** Whether the hash has the location. Takes as long as it has locations. */
    public boolean contains(long hi, long lo, long location) {
        for (long at = first(hi, lo); at != KeyTable.ABSENT; at = next(at)) {
            if (locationAt(at) == location) {
                return true;
            }
        }
        return false;
    }

    /** A place before the hash's first location, {@link KeyIndex#NOT_FOUND} when there is none; valid until a change. */
    long first(long hi, long lo) {
        return table.find(hi, lo);
    }

    long locationAt(long place) {
        return isChain(place) ? chains.location(node(place)) : place;
    }

    /** The place behind {@code place}, {@link KeyIndex#NOT_FOUND} at the end. */
    long next(long place) {
        int next = isChain(place) ? chains.next(node(place)) : LocationChains.END;
        return next == LocationChains.END ? KeyIndex.NOT_FOUND : chain(next);
    }

    /** Locations, not hashes. */
    public long size() {
        return size;
    }

    /** Bytes in use off the heap. */
    public long bytes() {
        return table.bytes() + chains.bytes();
    }

    /** Forgets everything, and gives nearly all memory back. */
    public void clear() {
        table.clear();
        chains.clear();
        size = 0;
    }

    /** Forgets everything and gives all memory back. */
    public void release() {
        clear();
        table.release();
    }

    /** Gives every location the one that {@code now} makes of it; a negative one removes it. */
    public void relocate(LongUnaryOperator now) {
        table.replaceValues(value -> isChain(value) ? relocatedChain(node(value), now) : relocated(value, now));
    }

    private long relocated(long location, LongUnaryOperator now) {
        long at = Math.max(KeyTable.ABSENT, now.applyAsLong(location));
        size -= at == KeyTable.ABSENT ? 1 : 0;
        return at;
    }

    /** The value for the table; the chain's order may change. */
    private long relocatedChain(int first, LongUnaryOperator now) {
        int head = LocationChains.END;
        for (int node = first, next; node != LocationChains.END; node = next) {
            next = chains.next(node);
            long at = relocated(chains.location(node), now);
            if (at == KeyTable.ABSENT) {
                chains.free(node);
            } else {
                chains.relocate(node, at);
                chains.link(node, head);
                head = node;
            }
        }
        if (head == LocationChains.END) {
            return KeyTable.ABSENT;
        }
        if (chains.next(head) != LocationChains.END) {
            return chain(head);
        }
        chains.free(head);
        return chains.location(head);
    }

    /** Visits every location with its hash, in no order; the index must not change meanwhile. */
    public void forEach(KeyIndex.Visitor visitor) {
        table.forEach((hi, lo, value) -> {
            for (long at = value; at != KeyTable.ABSENT; at = next(at)) {
                visitor.visit(hi, lo, locationAt(at));
            }
        });
    }

    /** Visits every hash once, with a place for {@link #next}. */
    void forEachHash(KeyIndex.Visitor visitor) {
        table.forEach(visitor);
    }
}
