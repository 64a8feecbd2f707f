// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.parquet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;

/** A column of BINARY: strings and bytes. Confined to one thread. */
public final class BytesColumn extends EncodedColumn {

    private static final VarHandle BIG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /** So many bytes of a longer value make a bound: no footer has longer ones, and they would be held until the file is closed. */
    private static final int LONGEST_BOUND = 4096;

    private final int fullAt;
    private final boolean isText;
    private final boolean hasExactBounds;
    private final Runnable whenFull;
    private final PageBytes min = new PageBytes();
    private final PageBytes max = new PageBytes();
    private BytesDictionary dictionary;
    private boolean hasRange;
    private long minHead;
    private long maxHead;
    private boolean maxIsCut;
    private long variableBytes;

    /** @param whenFull told of each value with which, or after which, the page is long enough */
    BytesColumn(ColumnDescriptor descriptor, FileShape shape, Runnable whenFull) {
        super(descriptor, shape);
        this.fullAt = shape.pageBytes();
        this.isText = descriptor.getPrimitiveType().getLogicalTypeAnnotation() instanceof StringLogicalTypeAnnotation;
        this.hasExactBounds = shape.hasExactBounds(descriptor);
        this.whenFull = whenFull;
    }

    /** The next row's value; the bytes are copied. */
    public void add(byte[] source, int offset, int length) {
        if (hasStatistics()) {
            int cut = hasExactBounds ? length : Math.min(length, LONGEST_BOUND);
            range(source, offset, cut, cut < length);
        }
        variableBytes += length;
        if (isPlain()) {
            plain().addSized(source, offset, length);
            if (plain().length() >= fullAt) {
                whenFull.run();
            }
        } else {
            addByIndex(source, offset, length);
            if (plainBytes() >= (long) PLAIN_FOR_INDEXES * fullAt) {
                whenFull.run();
            }
        }
        added();
        sampled();
    }

    private void addByIndex(byte[] source, int offset, int length) {
        int index = dictionary.indexOf(source, offset, length);
        if (index == BytesDictionary.FULL) {
            giveUpDictionary();
            plain().addSized(source, offset, length);
        } else {
            addIndex(index);
        }
    }

    /** The first eight bytes tell of nearly all values that they are neither. */
    private void range(byte[] source, int offset, int length, boolean isCut) {
        if (hasRange && length >= 8) {
            long head = head(source, offset);
            if (head > minHead && head < maxHead) {
                return;
            }
        }
        if (!hasRange || compare(source, offset, length, min) < 0) {
            set(min, source, offset, length);
            minHead = length < 8 ? Long.MAX_VALUE : head(source, offset);
        }
        int toMax = hasRange ? compare(source, offset, length, max) : 1;
        if (toMax > 0) {
            set(max, source, offset, length);
            maxHead = length < 8 ? Long.MIN_VALUE : head(source, offset);
            maxIsCut = isCut;
        } else if (toMax == 0) {
            maxIsCut |= isCut;
        }
        hasRange = true;
    }

    /** As a signed number that orders as unsigned bytes do. */
    private static long head(byte[] source, int offset) {
        return (long) BIG.get(source, offset) ^ Long.MIN_VALUE;
    }

    private static int compare(byte[] source, int offset, int length, PageBytes other) {
        return Arrays.compareUnsigned(source, offset, offset + length, other.array(), 0, other.length());
    }

    private static void set(PageBytes bound, byte[] source, int offset, int length) {
        bound.clear();
        bound.add(source, offset, length);
    }

    @Override
    boolean readSample() {
        dictionary = new BytesDictionary();
        for (int at = 0; at < plain().length(); at += 4 + plain().intAt(at)) {
            int index = dictionary.indexOf(plain().array(), at + 4, plain().intAt(at));
            if (!accept(index, dictionary.size())) {
                dictionary = null;
                return false;
            }
        }
        return true;
    }

    @Override
    void addPlainOf(int index) {
        plain().addSized(dictionary.entries().array(), dictionary.begin(index), dictionary.length(index));
    }

    @Override
    long plainBytes() {
        return variableBytes + 4L * values();
    }

    @Override
    int dictionarySize() {
        return dictionary == null ? 0 : dictionary.size();
    }

    @Override
    PageBytes takeDictionary() {
        return dictionary.entries();
    }

    @Override
    void dropDictionary() {
        dictionary = null;
    }

    @Override
    long heapBytes() {
        return super.heapBytes() + min.array().length + max.array().length;
    }

    @Override
    long dictionaryHeapBytes() {
        return dictionary == null ? 0 : dictionary.heapBytes();
    }

    @Override
    boolean hasBounds() {
        return upper().isPresent();
    }

    @Override
    void describe(Statistics<?> statistics) {
        statistics.updateStats(Binary.fromReusedByteArray(min.array(), 0, whole(min)));
        statistics.updateStats(upper().orElseThrow());
    }

    private int whole(PageBytes bound) {
        return isText ? UpperBound.wholeCharacters(bound.array(), bound.length()) : bound.length();
    }

    private Optional<Binary> upper() {
        if (!maxIsCut) {
            return Optional.of(Binary.fromReusedByteArray(max.array(), 0, max.length()));
        }
        Optional<byte[]> above =
                isText ? UpperBound.ofText(max.array(), whole(max)) : UpperBound.ofBytes(max.array(), max.length());
        return above.map(Binary::fromConstantByteArray);
    }

    @Override
    long variableBytes() {
        return variableBytes;
    }

    @Override
    void forgetRange() {
        hasRange = false;
        maxIsCut = false;
        variableBytes = 0;
    }
}
