// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.parquet;

import java.util.Arrays;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;

/**
 * A column whose values are plain, or indexes of a dictionary. Whether a dictionary pays is asked once per chunk, of its
 * first values: to look every value up in a dictionary that is thrown away at the end of the page, as parquet-java does, takes
 * half of its time on columns with many different values. Files with fewer rows than that have none.
 */
abstract class EncodedColumn extends FlatColumn {

    private static final int SAMPLE = 1024;
    private static final int MOST_IN_SAMPLE = SAMPLE / 4;
    private static final int[] NONE = new int[0];

    /** So many times as large as a plain page is one of indexes, if it became plain: that is what giving it up would take. */
    static final int PLAIN_FOR_INDEXES = 8;

    private final boolean mayHaveDictionary;
    private final PageBytes plain = new PageBytes();
    private boolean byIndex;
    private boolean asked;
    private boolean referred;
    private int[] indexes = NONE;
    private int indexCount;

    EncodedColumn(ColumnDescriptor descriptor, FileShape shape) {
        super(descriptor, shape);
        this.mayHaveDictionary = shape.mayHaveDictionary(descriptor);
        this.asked = !mayHaveDictionary;
    }

    /** Whether values are added to {@link #plain}; else by {@link #addIndex}. */
    final boolean isPlain() {
        return !byIndex;
    }

    final PageBytes plain() {
        return plain;
    }

    final void addIndex(int index) {
        if (indexCount == indexes.length) {
            indexes = Arrays.copyOf(indexes, Math.max(64, indexCount + (indexCount >> 1)));
        }
        indexes[indexCount++] = index;
    }

    /** A value was added. */
    final void sampled() {
        if (!asked && values() == SAMPLE) {
            ask();
        }
    }

    private void ask() {
        asked = true;
        if (readSample()) {
            byIndex = true;
            plain.clear();
        } else {
            indexCount = 0;
        }
    }

    /** Looks up all of {@link #plain} with {@link #accept}; false when that said no. */
    abstract boolean readSample();

    /** Takes one index of the sample; false when the dictionary does not pay. */
    final boolean accept(int index, int dictionarySize) {
        if (index < 0 || dictionarySize > MOST_IN_SAMPLE) {
            return false;
        }
        addIndex(index);
        return true;
    }

    /** The dictionary is full: the page, and what follows in the chunk, is plain. */
    final void giveUpDictionary() {
        byIndex = false;
        for (int i = 0; i < indexCount; i++) {
            addPlainOf(indexes[i]);
        }
        indexCount = 0;
        if (!referred) {
            dropDictionary();
        }
    }

    /** Bytes of the page's values if they all stood in it plain. */
    abstract long plainBytes();

    /** Adds the value of an index to {@link #plain}. */
    abstract void addPlainOf(int index);

    abstract int dictionarySize();

    /** The dictionary's entries, plain. */
    abstract PageBytes takeDictionary();

    abstract void dropDictionary();

    abstract long dictionaryHeapBytes();

    abstract void forgetRange();

    @Override
    final int pageBytes() {
        return byIndex ? (int) Math.max(indexCount * 2L, plainBytes() / PLAIN_FOR_INDEXES) : plain.length();
    }

    @Override
    long heapBytes() {
        return plain.array().length + 4L * indexes.length + dictionaryHeapBytes() + nullBytes();
    }

    @Override
    @SuppressWarnings("deprecation") // How pages of version 1 call it.
    final Encoding encode(PageBytes page) {
        if (!byIndex) {
            page.add(plain.array(), 0, plain.length());
            return Encoding.PLAIN;
        }
        referred = true;
        int bits = 32 - Integer.numberOfLeadingZeros(Math.max(0, dictionarySize() - 1));
        page.addByte(bits);
        addRuns(page, bits, at -> indexes[at], indexCount);
        return Encoding.PLAIN_DICTIONARY;
    }

    @Override
    final void nextPage() {
        plain.clear();
        indexCount = 0;
        forgetRange();
    }

    @Override
    @SuppressWarnings("deprecation")
    final DictionaryPage endChunk() {
        DictionaryPage page = null;
        if (referred) {
            page = new DictionaryPage(takeDictionary().view(), dictionarySize(), Encoding.PLAIN_DICTIONARY);
        }
        dropDictionary();
        byIndex = false;
        referred = false;
        asked = !mayHaveDictionary;
        return page;
    }
}
