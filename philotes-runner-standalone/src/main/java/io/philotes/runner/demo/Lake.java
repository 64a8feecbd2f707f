// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.demo;

import io.philotes.sink.iceberg.local.LocalCatalog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.types.Types;

/** The lake as any reader sees it: through a catalog of its own and Iceberg's generic reader. For one thread. */
final class Lake implements AutoCloseable {

    private final JdbcCatalog catalog;

    Lake(Path directory) {
        this.catalog = LocalCatalog.open(directory);
    }

    List<Types.NestedField> columns(String table) {
        return open(table).schema().columns();
    }

    /** Each row, in no order. */
    void forEach(String table, Consumer<Record> consumer) {
        try (CloseableIterable<Record> records =
                IcebergGenerics.read(open(table)).build()) {
            records.forEach(consumer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Each row as canonical text, in the order of the columns. */
    List<List<String>> rows(String table, List<Types.NestedField> columns) {
        List<List<String>> rows = new ArrayList<>();
        forEach(table, row -> {
            List<String> values = new ArrayList<>(columns.size());
            for (Types.NestedField column : columns) {
                values.add(CanonicalText.ofLake(column.type(), row.getField(column.name())));
            }
            rows.add(values);
        });
        return rows;
    }

    int tableSnapshots(String table) {
        int count = 0;
        for (var ignored : open(table).snapshots()) {
            count++;
        }
        return count;
    }

    String metadataFile(String table) {
        return ((BaseTable) open(table)).operations().current().metadataFileLocation();
    }

    private Table open(String table) {
        return catalog.loadTable(TableIdentifier.of(DemoPipeline.NAMESPACE, table));
    }

    @Override
    public void close() {
        catalog.close();
    }
}
