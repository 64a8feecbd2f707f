// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;

/**
 * A table for keys that are one integer. Ranges of 1024 keys of which at least half are there have a page, 8 bytes for each
 * of the 1024; all others are hashed, 20 to 25 bytes for each that is there. A page that gets emptier than {@link #LEAST} is
 * hashed again. Confined to one thread.
 *
 * <p>Which ranges are full enough is found out when a segment of the hash table is full, by counting, so that it costs no
 * memory to know; a range behind one whose page is nearly full is given its page at once, as serial keys need it.
 */
final class IntegerTable implements KeyTable {

    private static final int ENOUGH = DensePages.RANGE / 2;
    private static final int LEAST = DensePages.RANGE * 5 / 16;
    private static final int NEARLY_FULL = DensePages.RANGE * 7 / 8;

    /** Only at the beginning of a range is it asked about the one before, or sparse keys would pay for it. */
    private static final int BEGINNING = 64;

    private static final int SKETCH_BITS = 12;

    private final DensePages pages;
    private final SegmentedTable hashed;

    IntegerTable(TableMemory memory) {
        this.pages = new DensePages(memory);
        this.hashed = new SegmentedTable(1, DensePages.RANGE_BITS, memory);
    }

    @Override
    public long find(long hi, long lo) {
        int page = pages.page(DensePages.range(lo));
        return page != DensePages.NO_PAGE ? pages.find(page, lo) : hashed.find(0, lo);
    }

    @Override
    public long put(long hi, long lo, long value) {
        long range = DensePages.range(lo);
        int page = pages.page(range);
        if (page == DensePages.NO_PAGE && isBeginning(lo) && isBehindFullPage(range)) {
            page = begin(range);
        }
        if (page != DensePages.NO_PAGE) {
            return pages.put(page, lo, value);
        }
        long before = hashed.putIfRoom(0, lo, value);
        if (before == FULL) {
            makeRoom(lo);
            before = put(hi, lo, value);
        }
        return before;
    }

    private static boolean isBeginning(long key) {
        return (key & DensePages.RANGE - 1) < BEGINNING;
    }

    private boolean isBehindFullPage(long range) {
        int before = pages.page(range - 1);
        return before != DensePages.NO_PAGE && pages.count(before) >= NEARLY_FULL;
    }

    /** Makes a page for the range; what was hashed of it goes there. */
    private int begin(long range) {
        int page = pages.add(range);
        long first = range << DensePages.RANGE_BITS;
        for (long key = first; hashed.size() > 0 && key != first + DensePages.RANGE; key++) {
            long value = hashed.remove(0, key);
            if (value != ABSENT) {
                pages.put(page, key, value);
            }
        }
        return page;
    }

    private void makeRoom(long key) {
        List<Long> dense = dense(hashed.slots(0, key));
        if (dense.isEmpty()) {
            hashed.makeRoom(0, key);
        }
        while (!dense.isEmpty()) {
            dense.forEach(pages::add);
            hashed.moveOut(
                    key,
                    lo -> pages.page(DensePages.range(lo)) != DensePages.NO_PAGE,
                    (hi, lo, value) -> pages.put(pages.page(DensePages.range(lo)), lo, value));
            dense = dense(hashed.slots(0, key));
        }
    }

    /**
     * Ranges of which a segment has enough keys; all keys of a range are in one segment. Of the ranges that share a bucket
     * only one that has most of its keys is seen, by a vote, so that counting makes no object per key; another one is when
     * that one is gone.
     */
    private static List<Long> dense(SlotTable slots) {
        if (slots.size() < ENOUGH) {
            return List.of();
        }
        long[] ranges = new long[1 << SKETCH_BITS];
        int[] votes = new int[1 << SKETCH_BITS];
        slots.forEach((hi, key, value) -> vote(ranges, votes, key));
        int[] counts = new int[1 << SKETCH_BITS];
        slots.forEach((hi, key, value) -> counts[bucket(key)] += ranges[bucket(key)] == DensePages.range(key) ? 1 : 0);
        List<Long> dense = new ArrayList<>();
        for (int bucket = 0; bucket < counts.length; bucket++) {
            if (counts[bucket] >= ENOUGH) {
                dense.add(ranges[bucket]);
            }
        }
        return dense;
    }

    private static void vote(long[] ranges, int[] votes, long key) {
        int bucket = bucket(key);
        long range = DensePages.range(key);
        if (votes[bucket] == 0) {
            ranges[bucket] = range;
        }
        votes[bucket] += ranges[bucket] == range ? 1 : -1;
    }

    private static int bucket(long key) {
        return (int) (SlotTable.mix(DensePages.range(key)) >>> 64 - SKETCH_BITS);
    }

    @Override
    public long remove(long hi, long lo) {
        long range = DensePages.range(lo);
        int page = pages.page(range);
        if (page == DensePages.NO_PAGE) {
            return hashed.remove(0, lo);
        }
        long before = pages.put(page, lo, ABSENT);
        if (before != ABSENT && pages.count(page) < LEAST && !isBehindFullPage(range)) {
            end(page);
        }
        return before;
    }

    private void end(int page) {
        long[] entries = new long[2 * pages.count(page)];
        int[] used = {0};
        pages.forEach(page, (hi, key, value) -> {
            entries[used[0]++] = key;
            entries[used[0]++] = value;
        });
        for (int i = 0; i < entries.length; i += 2) {
            pages.put(page, entries[i], ABSENT);
        }
        pages.remove(page);
        for (int i = 0; i < entries.length; i += 2) {
            put(0, entries[i], entries[i + 1]);
        }
    }

    @Override
    public long size() {
        return pages.size() + hashed.size();
    }

    @Override
    public long bytes() {
        return pages.bytes() + hashed.bytes();
    }

    @Override
    public void clear() {
        pages.release();
        hashed.clear();
    }

    @Override
    public void release() {
        pages.release();
        hashed.release();
    }

    @Override
    public void replaceValues(LongUnaryOperator now) {
        pages.replaceValues(now);
        hashed.replaceValues(now);
    }

    @Override
    public void save(IndexOutput out) throws IOException {
        pages.save(out);
        hashed.save(out);
    }

    @Override
    public void load(IndexInput in) throws IOException {
        pages.load(in);
        hashed.load(in);
    }

    @Override
    public void forEach(KeyIndex.Visitor visitor) {
        pages.forEach(visitor);
        hashed.forEach(visitor);
    }
}
