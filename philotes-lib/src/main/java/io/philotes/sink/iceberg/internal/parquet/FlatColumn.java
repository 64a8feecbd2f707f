// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.parquet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.SizeStatistics;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridEncoder;

/**
 * One primitive column of the rows themselves: a value or NULL for each row, page after page. Values of a page wait here as
 * they will stand in it; what is known of them besides is kept beside them. Confined to one thread.
 *
 * <pre>
 * page (version 1)    definition levels, if the column is optional | values
 * definition levels   int32 length | runs: 1 for a value, 0 for NULL
 * values              plain, or int8 bits | runs of dictionary indexes
 * </pre>
 */
public abstract class FlatColumn {

    private static final HeapByteBufferAllocator HEAP = new HeapByteBufferAllocator();
    private static final int FIRST_SLAB = 64;
    private static final int LONGEST_SLAB = 1 << 16;
    private static final long[] NO_NULLS = new long[0];

    private final ColumnDescriptor descriptor;
    private final boolean optional;
    private final boolean hasStatistics;
    private long[] nulls = NO_NULLS;
    private int nullCount;
    private int rows;

    FlatColumn(ColumnDescriptor descriptor, FileShape shape) {
        if (descriptor.getMaxRepetitionLevel() > 0 || descriptor.getMaxDefinitionLevel() > 1) {
            throw new IllegalArgumentException("not a column of the row itself: " + descriptor);
        }
        this.descriptor = descriptor;
        this.optional = descriptor.getMaxDefinitionLevel() == 1;
        this.hasStatistics = shape.hasStatistics(descriptor);
    }

    /** The next row's NULL. */
    public final void addNull() {
        if (!optional) {
            throw new IllegalStateException("NULL in a required column: " + descriptor);
        }
        int word = rows >> 6;
        if (word >= nulls.length) {
            nulls = Arrays.copyOf(nulls, Math.max(word + 1, nulls.length * 2));
        }
        nulls[word] |= 1L << rows;
        nullCount++;
        rows++;
    }

    /** The next row's value was taken. */
    final void added() {
        rows++;
    }

    final ColumnDescriptor descriptor() {
        return descriptor;
    }

    final int rows() {
        return rows;
    }

    /** Values of the page that are not NULL. */
    final int values() {
        return rows - nullCount;
    }

    final boolean hasStatistics() {
        return hasStatistics;
    }

    /** Bytes of the page's values, encoded and not compressed. */
    abstract int pageBytes();

    /** Bytes of heap that the column holds, about. */
    abstract long heapBytes();

    /** Adds the page's values as they stand in it, and says how they are encoded. */
    abstract Encoding encode(PageBytes page);

    /** Whether minimum and maximum of the page's values can be told; only asked when it has a value. */
    boolean hasBounds() {
        return true;
    }

    /** Puts minimum and maximum; only when there are some. */
    abstract void describe(Statistics<?> statistics);

    /** Bytes of all of the page's values if they are of variable length, else 0. */
    abstract long variableBytes();

    /** Forgets the page's values. */
    abstract void nextPage();

    /** The dictionary that pages of the chunk refer to, null for none; the next chunk begins. */
    abstract DictionaryPage endChunk();

    /** Writes what waits as a page, unless nothing does. */
    final void writePage(PageWriter to, PageBytes scratch) {
        if (rows == 0) {
            return;
        }
        scratch.clear();
        if (optional) {
            addLevels(scratch);
        }
        Encoding encoding = encode(scratch);
        try {
            to.writePage(
                    scratch.view(),
                    rows,
                    rows,
                    statistics(),
                    new SizeStatistics(descriptor.getPrimitiveType(), variableBytes(), null, null),
                    null,
                    Encoding.RLE,
                    Encoding.RLE,
                    encoding);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        scratch.clear();
        nextPage();
        Arrays.fill(nulls, 0);
        nullCount = 0;
        rows = 0;
    }

    private void addLevels(PageBytes page) {
        int lengthAt = page.length();
        page.addInt(0);
        if (nullCount == 0 || nullCount == rows) {
            addRun(page, nullCount == 0 ? 1 : 0);
        } else {
            addRuns(page, 1, at -> isNull(at) ? 0 : 1, rows);
        }
        page.putInt(lengthAt, page.length() - lengthAt - 4);
    }

    private boolean isNull(int row) {
        int word = row >> 6;
        return word < nulls.length && (nulls[word] >>> row & 1) == 1;
    }

    /** One run of the same level: its length times two as a varint, and the level. */
    private void addRun(PageBytes page, int level) {
        int rest = rows << 1;
        while ((rest & ~0x7F) != 0) {
            page.addByte(rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        page.addByte(rest);
        page.addByte(level);
    }

    /** Gives the number at a place. */
    @FunctionalInterface
    interface Numbers {
        int at(int place);
    }

    /** Adds small numbers in Parquet's hybrid of runs and packed bits. */
    final void addRuns(PageBytes page, int bits, Numbers numbers, int count) {
        try (RunLengthBitPackingHybridEncoder runs =
                new RunLengthBitPackingHybridEncoder(bits, FIRST_SLAB, LONGEST_SLAB, HEAP)) {
            for (int i = 0; i < count; i++) {
                runs.writeInt(numbers.at(i));
            }
            ByteBuffer bytes = runs.toBytes().toByteBuffer(HEAP, unused -> {});
            page.add(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Statistics<?> statistics() {
        if (!hasStatistics || (values() > 0 && !hasBounds())) {
            return Statistics.noopStats(descriptor.getPrimitiveType());
        }
        Statistics<?> statistics = Statistics.createStats(descriptor.getPrimitiveType());
        statistics.incrementNumNulls(nullCount);
        if (values() > 0) {
            describe(statistics);
        }
        return statistics;
    }

    /** Bytes that wait for a page, or for the row group's end. */
    final long bufferedBytes() {
        return pageBytes() + (nullCount == 0 ? 0 : rows >> 3);
    }

    final long nullBytes() {
        return 8L * nulls.length;
    }
}
