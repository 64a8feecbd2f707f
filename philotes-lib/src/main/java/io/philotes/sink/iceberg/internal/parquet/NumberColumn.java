// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.parquet;

import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.statistics.DoubleStatistics;
import org.apache.parquet.column.statistics.FloatStatistics;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/** A column of INT32, INT64, FLOAT or DOUBLE. Confined to one thread. */
public final class NumberColumn extends EncodedColumn {

    /** The {@link #place} of -0.0. */
    private static final long MINUS_ZERO = -1;

    private final PrimitiveTypeName type;
    private final boolean wide;
    private final boolean floating;
    private NumberDictionary dictionary;
    private long min = Long.MAX_VALUE;
    private long max = Long.MIN_VALUE;

    NumberColumn(ColumnDescriptor descriptor, FileShape shape) {
        super(descriptor, shape);
        this.type = descriptor.getPrimitiveType().getPrimitiveTypeName();
        this.wide = type == PrimitiveTypeName.INT64 || type == PrimitiveTypeName.DOUBLE;
        this.floating = type == PrimitiveTypeName.FLOAT || type == PrimitiveTypeName.DOUBLE;
    }

    /** The next row's value: of a float or double, its canonical bits. */
    public void add(long value) {
        long place = floating ? place(value) : value;
        if (place < min) {
            min = place;
        }
        if (place > max) {
            max = place;
        }
        if (isPlain()) {
            addPlain(value);
        } else {
            addByIndex(value);
        }
        added();
        sampled();
    }

    private void addPlain(long value) {
        if (wide) {
            plain().addLong(value);
        } else {
            plain().addInt((int) value);
        }
    }

    private void addByIndex(long value) {
        int index = index(value);
        if (index == NumberDictionary.FULL) {
            giveUpDictionary();
            addPlain(value);
        } else {
            addIndex(index);
        }
    }

    /**
     * Of a float or double no dictionary has -0.0: Iceberg's readers leave out a row group whose dictionary lacks what a filter
     * asks for, and take it for another value than 0.0, which SQL does not.
     */
    private int index(long value) {
        return floating && place(value) == MINUS_ZERO ? NumberDictionary.FULL : dictionary.indexOf(value);
    }

    /** Bits as a number that orders as the values do: -0.0 below 0.0, NaN above all; its own inverse. */
    private long place(long bits) {
        return wide ? bits ^ bits >> 63 & Long.MAX_VALUE : (int) bits ^ (int) bits >> 31 & Integer.MAX_VALUE;
    }

    @Override
    boolean readSample() {
        dictionary = new NumberDictionary();
        int width = wide ? 8 : 4;
        for (int at = 0; at < plain().length(); at += width) {
            if (!accept(index(wide ? plain().longAt(at) : plain().intAt(at)), dictionary.size())) {
                dictionary = null;
                return false;
            }
        }
        return true;
    }

    @Override
    void addPlainOf(int index) {
        addPlain(dictionary.value(index));
    }

    @Override
    long plainBytes() {
        return (wide ? 8L : 4L) * values();
    }

    @Override
    int dictionarySize() {
        return dictionary == null ? 0 : dictionary.size();
    }

    @Override
    PageBytes takeDictionary() {
        PageBytes entries = new PageBytes();
        for (int i = 0; i < dictionary.size(); i++) {
            if (wide) {
                entries.addLong(dictionary.value(i));
            } else {
                entries.addInt((int) dictionary.value(i));
            }
        }
        return entries;
    }

    @Override
    void dropDictionary() {
        dictionary = null;
    }

    @Override
    long dictionaryHeapBytes() {
        return dictionary == null ? 0 : dictionary.heapBytes();
    }

    @Override
    void describe(Statistics<?> statistics) {
        for (long place : new long[] {min, max}) {
            switch (type) {
                case INT32 -> statistics.updateStats((int) place);
                case INT64 -> statistics.updateStats(place);
                case FLOAT -> ((FloatStatistics) statistics).updateStats(Float.intBitsToFloat((int) place(place)));
                default -> ((DoubleStatistics) statistics).updateStats(Double.longBitsToDouble(place(place)));
            }
        }
    }

    @Override
    long variableBytes() {
        return 0;
    }

    @Override
    void forgetRange() {
        min = Long.MAX_VALUE;
        max = Long.MIN_VALUE;
    }
}
