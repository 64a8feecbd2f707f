// SPDX-License-Identifier: Apache-2.0
package io.philotes.samples.rest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;

/** What any reader of the lake sees: read with Iceberg's own library, without Philotes. */
final class PrintedTable {

    private PrintedTable() {}

    static void print(Catalog catalog, String name) throws IOException {
        Table table = catalog.loadTable(TableIdentifier.of("shop", name));
        TreeSet<String> rows = new TreeSet<>();
        try (CloseableIterable<Record> records = IcebergGenerics.read(table).build()) {
            records.forEach(record -> rows.add(row(record)));
        }
        System.out.println("shop." + name);
        rows.forEach(System.out::println);
    }

    private static String row(Record record) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < record.size(); i++) {
            values.add(String.valueOf(record.get(i)));
        }
        return "  " + String.join("  ", values);
    }
}
