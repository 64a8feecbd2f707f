// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import io.philotes.sink.iceberg.local.LocalCatalog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.jdbc.JdbcCatalog;

/** Reads a table of a local lake, with {@code |} between the columns. */
final class LakeRows {

    private LakeRows() {}

    static List<String> of(Path lake, String namespace, String table) throws IOException {
        List<String> rows = new ArrayList<>();
        try (JdbcCatalog catalog = LocalCatalog.open(lake);
                CloseableIterable<Record> records = IcebergGenerics.read(
                                catalog.loadTable(TableIdentifier.of(namespace, table)))
                        .build()) {
            for (Record row : records) {
                rows.add(IntStream.range(0, row.size())
                        .mapToObj(i -> String.valueOf(row.get(i)))
                        .collect(Collectors.joining("|")));
            }
        }
        return rows;
    }
}
