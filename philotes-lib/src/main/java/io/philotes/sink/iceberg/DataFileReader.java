// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.TableId;
import io.philotes.sink.iceberg.internal.call.Worker;
import java.io.IOException;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.formats.FormatModelRegistry;
import org.apache.iceberg.io.CloseableIterable;

/** Reads some columns of one data file, row by row with positions, deleted rows included. Stateless but for its table. */
final class DataFileReader {

    private final TableId source;
    private final Table table;

    /** Takes a row. */
    interface RowAt {
        /** Returns whether to go on. */
        boolean row(long position, Record record);
    }

    DataFileReader(TableId source, Table table) {
        this.source = source;
        this.table = table;
    }

    /** Throws STORAGE_FAILED when the file cannot be read. */
    void read(DataFile file, Schema projection, RowAt consumer) {
        long position = 0;
        try (CloseableIterable<Record> records = FormatModelRegistry.readBuilder(
                        file.format(), Record.class, table.io().newInputFile(file))
                .project(projection)
                .idToConstant(Map.of())
                .build()) {
            for (Record record : records) {
                Worker.step();
                if (!consumer.row(position++, record)) {
                    return;
                }
            }
        } catch (PhilotesException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new PhilotesException(
                            ErrorCode.STORAGE_FAILED, "Cannot read " + file.location() + ": " + e.getMessage(), e)
                    .inTable(source);
        }
    }
}
