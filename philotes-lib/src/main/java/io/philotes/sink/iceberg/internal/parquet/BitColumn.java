// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.parquet;

import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.statistics.Statistics;

/** A column of BOOLEAN, eight values in a byte, the first lowest. Confined to one thread. */
public final class BitColumn extends FlatColumn {

    private final PageBytes packed = new PageBytes();
    private int open;
    private int openBits;
    private boolean anyTrue;
    private boolean anyFalse;

    BitColumn(ColumnDescriptor descriptor, FileShape shape) {
        super(descriptor, shape);
    }

    /** The next row's value. */
    public void add(boolean value) {
        if (value) {
            open |= 1 << openBits;
            anyTrue = true;
        } else {
            anyFalse = true;
        }
        if (++openBits == 8) {
            packed.addByte(open);
            open = 0;
            openBits = 0;
        }
        added();
    }

    @Override
    int pageBytes() {
        return packed.length() + 1;
    }

    @Override
    long heapBytes() {
        return packed.array().length + nullBytes();
    }

    @Override
    Encoding encode(PageBytes page) {
        page.add(packed.array(), 0, packed.length());
        if (openBits > 0) {
            page.addByte(open);
        }
        return Encoding.PLAIN;
    }

    @Override
    void describe(Statistics<?> statistics) {
        statistics.updateStats(!anyFalse);
        statistics.updateStats(anyTrue);
    }

    @Override
    long variableBytes() {
        return 0;
    }

    @Override
    void nextPage() {
        packed.clear();
        open = 0;
        openBits = 0;
        anyTrue = false;
        anyFalse = false;
    }

    @Override
    DictionaryPage endChunk() {
        return null;
    }
}
