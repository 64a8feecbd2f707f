// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.index;

import java.io.IOException;
import java.util.function.LongUnaryOperator;

/** A {@link KeyIndex} in a {@link KeyTable}. */
abstract class TableKeyIndex implements KeyIndex {

    private final int keyLongs;
    private final KeyTable table;

    TableKeyIndex(int keyLongs, TableMemory memory) {
        this.keyLongs = keyLongs;
        this.table = KeyTable.of(keyLongs, memory);
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
        return table.remove(hi, lo) != KeyTable.ABSENT;
    }

    @Override
    public final long size() {
        return table.size();
    }

    @Override
    public final long bytes() {
        return table.bytes();
    }

    @Override
    public final void clear() {
        table.clear();
    }

    @Override
    public final void release() {
        table.release();
    }

    @Override
    public final void relocate(LongUnaryOperator now) {
        table.replaceValues(location -> Math.max(KeyTable.ABSENT, now.applyAsLong(location)));
    }

    @Override
    public final void save(IndexOutput out) throws IOException {
        table.save(out);
    }

    @Override
    public final void load(IndexInput in) throws IOException {
        table.load(in);
    }

    @Override
    public final void forEach(Visitor visitor) {
        table.forEach(visitor);
    }
}
