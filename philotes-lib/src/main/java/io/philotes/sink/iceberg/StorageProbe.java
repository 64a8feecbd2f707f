// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.ErrorCode;
import io.philotes.health.Finding;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;
import org.apache.iceberg.io.SeekableInputStream;
import org.apache.iceberg.types.Types;

/**
 * Writes, reads and deletes one small object where a table of the namespace would have its data. The place and the
 * credentials come from a table creation that is begun and never committed, so nothing appears in the catalog.
 */
final class StorageProbe {

    private static final byte[] CONTENT = "philotes".getBytes(StandardCharsets.US_ASCII);

    private final Catalog catalog;
    private final SinkSettings settings;

    StorageProbe(Catalog catalog, SinkSettings settings) {
        this.catalog = catalog;
        this.settings = settings;
    }

    Finding finding() {
        Table table;
        String location;
        try {
            table = uncommittedTable();
            location = table.locationProvider().newDataLocation("philotes-probe-" + UUID.randomUUID());
        } catch (RuntimeException e) {
            return Finding.warn(
                    ErrorCode.STORAGE_FAILED,
                    "storage",
                    "cannot be tried before the namespace exists: " + e.getMessage(),
                    ErrorCode.STORAGE_FAILED.hint());
        }
        try {
            return probe(table.io(), location);
        } finally {
            // Iceberg's REST catalog closes the access to the storage of a table that nobody holds any more.
            Reference.reachabilityFence(table);
        }
    }

    private Table uncommittedTable() {
        TableIdentifier name = TableIdentifier.of(
                settings.namespace(),
                "philotes_probe_" + UUID.randomUUID().toString().replace("-", ""));
        Schema schema = new Schema(Types.NestedField.optional(1, "probe", Types.IntegerType.get()));
        Transaction never = catalog.newCreateTableTransaction(name, schema);
        return never.table();
    }

    private static Finding probe(FileIO io, String location) {
        OutputFile output = io.newOutputFile(location);
        try {
            try (PositionOutputStream out = output.create()) {
                out.write(CONTENT);
            }
            requireContent(output.toInputFile());
            return Finding.ok("storage", "can be written to and read");
        } catch (IOException | RuntimeException e) {
            return Finding.error(
                    ErrorCode.WAREHOUSE_READ_ONLY,
                    "storage",
                    "cannot be written to at " + location + ": " + e.getMessage(),
                    ErrorCode.WAREHOUSE_READ_ONLY.hint());
        } finally {
            remove(io, location);
        }
    }

    private static void requireContent(InputFile input) throws IOException {
        try (SeekableInputStream in = input.newStream()) {
            if (!Arrays.equals(in.readAllBytes(), CONTENT)) {
                throw new IOException("what was written comes back as something else");
            }
        }
    }

    private static void remove(FileIO io, String location) {
        try {
            io.deleteFile(location);
        } catch (RuntimeException e) {
            // The finding already tells that the storage cannot be written to, or the object never was.
            return;
        }
    }
}
