// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.index;

import java.util.function.LongUnaryOperator;

/** A {@link KeyIndex} in a {@link SegmentedTable}. */
abstract class TableKeyIndex implements KeyIndex {

    private final int keyLongs;
    private final SegmentedTable table;

    TableKeyIndex(int keyLongs) {
        this.keyLongs = keyLongs;
        this.table = new SegmentedTable(keyLongs);
    }

    @Override
    public final int keyLongs() {
        return keyLongs;
    }

    @Override
    public final long find(long hi, long lo) {
        return table.find(hi, lo);
    }

    @Override
    public final void put(long hi, long lo, long location) {
        if (location < 0) {
            throw new IllegalArgumentException("not a location: " + location);
        }
        table.put(hi, lo, location);
    }

    @Override
    public final boolean remove(long hi, long lo) {
        return table.remove(hi, lo) != SegmentedTable.ABSENT;
    }

    @Override
    public final long size() {
        return table.size();
    }

    @Override
    public final long heapBytes() {
        return table.heapBytes();
    }

    @Override
    public final void clear() {
        table.clear();
    }

    @Override
    public final void relocate(LongUnaryOperator now) {
        table.relocate(now);
    }

    @Override
    public final void forEach(Visitor visitor) {
        table.forEach(visitor);
    }
}
