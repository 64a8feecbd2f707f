// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.demo;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.apache.iceberg.types.Types;

/** Compares every table of the shop with its image in the lake. */
final class Comparer {

    private final Connection source;
    private final Lake lake;

    Comparer(Connection source, Lake lake) {
        this.source = source;
        this.lake = lake;
    }

    List<TableComparison> compare(List<String> tables) throws SQLException {
        List<TableComparison> comparisons = new ArrayList<>();
        for (String table : tables) {
            comparisons.add(compare(table));
        }
        return comparisons;
    }

    private TableComparison compare(String table) throws SQLException {
        List<Types.NestedField> columns = lake.columns(table);
        List<String> names = columns.stream().map(Types.NestedField::name).toList();
        List<String> sourceNames = SourceTable.columns(source, table);
        if (!new HashSet<>(names).equals(new HashSet<>(sourceNames))) {
            return TableComparison.ofColumns(table, sourceNames, names);
        }
        return TableComparison.of(table, names, SourceTable.rows(source, table, columns), lake.rows(table, columns));
    }
}
