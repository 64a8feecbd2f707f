// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.parquet;

import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.io.api.Binary;

/** A column of FIXED_LEN_BYTE_ARRAY: uuids and wide decimals, always plain. Confined to one thread. */
public final class FixedColumn extends FlatColumn {

    private final int width;
    private final PageBytes plain = new PageBytes();
    private Statistics<?> range;

    FixedColumn(ColumnDescriptor descriptor, FileShape shape) {
        super(descriptor, shape);
        this.width = descriptor.getPrimitiveType().getTypeLength();
        forgetRange();
    }

    /** The next row's value; the bytes are copied. */
    public void add(byte[] source, int offset, int length) {
        if (length != width) {
            throw new IllegalArgumentException("a value of " + length + " bytes where " + width + " belong");
        }
        plain.add(source, offset, length);
        if (hasStatistics()) {
            range.updateStats(Binary.fromReusedByteArray(source, offset, length));
        }
        added();
    }

    private void forgetRange() {
        range = Statistics.createStats(descriptor().getPrimitiveType());
    }

    @Override
    int pageBytes() {
        return plain.length();
    }

    @Override
    long heapBytes() {
        return plain.array().length + nullBytes();
    }

    @Override
    Encoding encode(PageBytes page) {
        page.add(plain.array(), 0, plain.length());
        return Encoding.PLAIN;
    }

    @Override
    void describe(Statistics<?> statistics) {
        statistics.updateStats(Binary.fromConstantByteArray(range.getMinBytes()));
        statistics.updateStats(Binary.fromConstantByteArray(range.getMaxBytes()));
    }

    @Override
    long variableBytes() {
        return 0;
    }

    @Override
    void nextPage() {
        plain.clear();
        forgetRange();
    }

    @Override
    DictionaryPage endChunk() {
        return null;
    }
}
