// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.parquet;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.impl.ColumnWriteStoreV1;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/**
 * The columns of one file, and the pages of its open row group. Columns of the rows themselves are {@link FlatColumn}s;
 * parquet-java's own writers take those inside lists and structs. Pages are begun with the first one that is written, so a
 * file with few rows holds little. Confined to one thread.
 */
public final class FileColumns {

    private static final int INDEX_TRUNCATE_LENGTH = 64;

    /** Of columns inside lists and structs: so seldom that narrow rows do not feel it, so often that wide ones do not pile up. */
    private static final int NESTED_ROWS_BETWEEN_CHECKS = 16;

    /** What a column takes before its first value: many files of many columns may be open. */
    private static final int OBJECT_BYTES = 256;

    private final FileShape shape;
    private final ZstdPages compressor;
    private final Map<String, FlatColumn> flat = new LinkedHashMap<>();
    private final List<Consumer<ColumnWriteStore>> nested = new ArrayList<>();
    private final PageBytes scratch = new PageBytes();
    private ColumnChunkPageWriteStore pages;
    private ColumnWriteStore nestedStore;
    private long pagesBytes;
    private long nestedBytes;
    private int nestedRows;
    private boolean hasFullPage;

    FileColumns(FileShape shape, ZstdPages compressor) {
        this.shape = shape;
        this.compressor = compressor;
    }

    /** The file's column of INT32, INT64, FLOAT or DOUBLE. */
    public NumberColumn numbers(ColumnDescriptor descriptor) {
        return added(new NumberColumn(descriptor, shape));
    }

    /** The file's column of BINARY. */
    public BytesColumn bytes(ColumnDescriptor descriptor) {
        return added(new BytesColumn(descriptor, shape, () -> hasFullPage = true));
    }

    /** The file's column of FIXED_LEN_BYTE_ARRAY. */
    public FixedColumn fixed(ColumnDescriptor descriptor) {
        return added(new FixedColumn(descriptor, shape));
    }

    /** The file's column of BOOLEAN. */
    public BitColumn bits(ColumnDescriptor descriptor) {
        return added(new BitColumn(descriptor, shape));
    }

    private <C extends FlatColumn> C added(C column) {
        flat.put(FileShape.name(column.descriptor()), column);
        return column;
    }

    /** Someone who writes columns inside a list or struct, told with each row group where. */
    public void nested(Consumer<ColumnWriteStore> writer) {
        nested.add(writer);
    }

    /** The next row begins; of its own row group, if the last one was ended. */
    void beginRow() {
        if (!nested.isEmpty() && nestedStore == null) {
            nestedStore = new ColumnWriteStoreV1(nestedSchema(), pages(), properties());
            nested.forEach(writer -> writer.accept(nestedStore));
        }
    }

    void endRow() {
        if (nestedStore != null) {
            nestedStore.endRecord();
            if (++nestedRows % NESTED_ROWS_BETWEEN_CHECKS == 0) {
                hasFullPage |= nestedStore.getBufferedSize() >= nestedBytes + shape.pageBytes();
            }
        }
    }

    private MessageType nestedSchema() {
        List<Type> fields = shape.message().getFields().stream()
                .filter(field -> !flat.containsKey(field.getName()))
                .toList();
        return new MessageType(shape.message().getName(), fields);
    }

    private ParquetProperties properties() {
        ParquetProperties.Builder properties = ParquetProperties.builder()
                .withPageSize(shape.pageBytes())
                .withPageRowCountLimit(shape.pageRows())
                .estimateRowCountForPageSizeCheck(false)
                .withMinRowCountForPageSizeCheck(NESTED_ROWS_BETWEEN_CHECKS);
        shape.withoutStatistics().forEach(column -> properties.withStatisticsEnabled(column, false));
        shape.withoutDictionary().forEach(column -> properties.withDictionaryEncoding(column, false));
        return properties.build();
    }

    private ColumnChunkPageWriteStore pages() {
        if (pages == null) {
            pages = new ColumnChunkPageWriteStore(
                    compressor, shape.message(), new HeapByteBufferAllocator(), INDEX_TRUNCATE_LENGTH, true);
        }
        return pages;
    }

    /** Whether a column of values of any length says that its page is long enough, or those inside lists have another page. */
    boolean hasFullPage() {
        return hasFullPage;
    }

    /** Writes the pages that are long enough. */
    void writeFullPages() {
        hasFullPage = false;
        nestedBytes = nestedStore == null ? 0 : nestedStore.getBufferedSize();
        for (FlatColumn column : flat.values()) {
            if (column.rows() >= shape.pageRows() || column.pageBytes() >= shape.pageBytes()) {
                write(column);
            }
        }
    }

    private void write(FlatColumn column) {
        var writer = pages().getPageWriter(column.descriptor());
        long before = writer.getMemSize();
        column.writePage(writer, scratch);
        pagesBytes += writer.getMemSize() - before;
    }

    /** Writes what waits, and gives the pages of the row group; the next row begins another one. */
    ColumnChunkPageWriteStore endRowGroup() throws java.io.IOException {
        for (FlatColumn column : flat.values()) {
            write(column);
            DictionaryPage dictionary = column.endChunk();
            if (dictionary != null) {
                pages.getPageWriter(column.descriptor()).writeDictionaryPage(dictionary);
            }
        }
        if (nestedStore != null) {
            nestedStore.close();
            nestedStore = null;
            nestedBytes = 0;
        }
        ColumnChunkPageWriteStore ended = pages();
        pages = null;
        pagesBytes = 0;
        return ended;
    }

    /** Bytes of the row group so far: its pages, compressed, and what waits for a page. */
    long bufferedBytes() {
        long bytes = pagesBytes + (nestedStore == null ? 0 : nestedStore.getBufferedSize());
        for (FlatColumn column : flat.values()) {
            bytes += column.bufferedBytes();
        }
        return bytes;
    }

    /** Heap that the open row group holds, about. */
    long heapBytes() {
        long bytes = pagesBytes
                + scratch.array().length
                + compressor.heapBytes()
                + (nestedStore == null ? 0 : nestedStore.getAllocatedSize());
        for (FlatColumn column : flat.values()) {
            bytes += OBJECT_BYTES + column.heapBytes();
        }
        return bytes;
    }
}
