// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.index;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongUnaryOperator;

/**
 * The values of keys that stand close together, without the keys: a page has a place for each of 1024 keys in a row (a
 * <em>range</em>, {@code key >> 10}), so a full page takes 8 bytes a key. Confined to one thread. A page:
 *
 * <pre>
 * 1024 times: int64 value + 1, 0 when the key has none
 * </pre>
 */
final class DensePages {

    static final int RANGE_BITS = 10;
    static final int RANGE = 1 << RANGE_BITS;
    static final int NO_PAGE = -1;

    private static final int PAGE_BYTES = 8 << RANGE_BITS;

    /** A small table takes pages one by one, a large one by the slab. */
    private static final int SINGLE_PAGES = 16;

    private static final int SLAB_PAGES = 32;

    private final TableMemory memory;
    private final SegmentedTable pageOf;
    private final List<Block> slabs = new ArrayList<>();
    private long[] ranges = new long[SINGLE_PAGES];
    private int[] counts = new int[SINGLE_PAGES];
    private int pages;
    private int[] free = new int[SINGLE_PAGES];
    private int freeCount;
    private long size;
    private long bytes;
    private long lastRange;
    private int lastPage = NO_PAGE;

    DensePages(TableMemory memory) {
        this.memory = memory;
        this.pageOf = new SegmentedTable(1, memory);
    }

    static long range(long key) {
        return key >> RANGE_BITS;
    }

    /** {@link #NO_PAGE} when the range has none. */
    int page(long range) {
        if (range == lastRange && lastPage != NO_PAGE) {
            return lastPage;
        }
        if (pageOf.size() == 0) {
            return NO_PAGE;
        }
        int page = (int) pageOf.find(0, range);
        if (page != NO_PAGE) {
            lastRange = range;
            lastPage = page;
        }
        return page;
    }

    /** Makes an empty page for a range that has none. */
    int add(long range) {
        int page = freeCount > 0 ? free[--freeCount] : grow();
        ranges[page] = range;
        counts[page] = 0;
        pageOf.put(0, range, page);
        return page;
    }

    private int grow() {
        if (slab(pages) == slabs.size()) {
            Block slab = memory.take(pages < SINGLE_PAGES ? PAGE_BYTES : SLAB_PAGES * PAGE_BYTES);
            slabs.add(slab);
            bytes += slab.size();
        }
        if (pages == ranges.length) {
            ranges = Arrays.copyOf(ranges, 2 * pages);
            counts = Arrays.copyOf(counts, 2 * pages);
        }
        return pages++;
    }

    private static int slab(int page) {
        return page < SINGLE_PAGES ? page : SINGLE_PAGES + (page - SINGLE_PAGES) / SLAB_PAGES;
    }

    private static int offset(int page, long key) {
        int inSlab = page < SINGLE_PAGES ? 0 : (page - SINGLE_PAGES) % SLAB_PAGES;
        return inSlab * PAGE_BYTES + ((int) key & RANGE - 1) * 8;
    }

    long find(int page, long key) {
        return slabs.get(slab(page)).bytes().getLong(offset(page, key)) - 1;
    }

    /** Returns the value that stood there, {@link KeyTable#ABSENT} when there was none; {@code ABSENT} removes. */
    long put(int page, long key, long value) {
        ByteBuffer slab = slabs.get(slab(page)).bytes();
        int at = offset(page, key);
        long before = slab.getLong(at) - 1;
        slab.putLong(at, value + 1);
        int change = (value == KeyTable.ABSENT ? 0 : 1) - (before == KeyTable.ABSENT ? 0 : 1);
        counts[page] += change;
        size += change;
        return before;
    }

    /** Keys with a value in the page. */
    int count(int page) {
        return counts[page];
    }

    /** Visits a page's entries. */
    void forEach(int page, KeyIndex.Visitor visitor) {
        long first = ranges[page] << RANGE_BITS;
        for (long key = first; key != first + RANGE; key++) {
            long value = find(page, key);
            if (value != KeyTable.ABSENT) {
                visitor.visit(0, key, value);
            }
        }
    }

    /** Visits all pages' entries, pages as they were made: serial keys in their order, so that another table pages them at once. */
    void forEach(KeyIndex.Visitor visitor) {
        for (int page = 0; page < pages; page++) {
            if (isUsed(page)) {
                forEach(page, visitor);
            }
        }
    }

    private boolean isUsed(int page) {
        return pageOf.find(0, ranges[page]) == page;
    }

    void replaceValues(LongUnaryOperator now) {
        pageOf.forEach((hi, range, page) ->
                forEach((int) page, (none, key, value) -> put((int) page, key, now.applyAsLong(value))));
    }

    void save(IndexOutput out) throws IOException {
        out.number(pageOf.size());
        for (int page = 0; page < pages; page++) {
            if (isUsed(page)) {
                out.number(ranges[page]);
                out.number(counts[page]);
                out.memory(slabs.get(slab(page)).bytes(), offset(page, 0), PAGE_BYTES);
            }
        }
    }

    /** Only when there are none. */
    void load(IndexInput in) throws IOException {
        for (long left = in.number(); left > 0; left--) {
            int page = add(in.number());
            counts[page] = in.count();
            size += counts[page];
            in.memory(slabs.get(slab(page)).bytes(), offset(page, 0), PAGE_BYTES);
        }
    }

    /** Gives up an empty page. */
    void remove(int page) {
        pageOf.remove(0, ranges[page]);
        lastPage = NO_PAGE;
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, 2 * freeCount);
        }
        free[freeCount++] = page;
    }

    long size() {
        return size;
    }

    long bytes() {
        return bytes + pageOf.bytes() + 8L * ranges.length + 4L * counts.length + 4L * free.length;
    }

    void release() {
        slabs.forEach(memory::give);
        slabs.clear();
        pageOf.release();
        ranges = new long[SINGLE_PAGES];
        counts = new int[SINGLE_PAGES];
        pages = 0;
        freeCount = 0;
        size = 0;
        bytes = 0;
        lastPage = NO_PAGE;
    }
}
