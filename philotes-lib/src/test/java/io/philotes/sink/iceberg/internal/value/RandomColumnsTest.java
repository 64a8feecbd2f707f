// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.RelationSchema;
import io.philotes.sink.iceberg.local.LocalCatalog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.encryption.EncryptedFiles;
import org.apache.iceberg.encryption.EncryptedOutputFile;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random rows whose columns go through phases of few and many different values and of NULLs, so that dictionaries begin, grow
 * full and are given up, over several pages and row groups; read by Iceberg's own reader, with filters that use all statistics.
 */
class RandomColumnsTest {

    private static final List<String> TYPES = List.of(
            "int8",
            "int4",
            "text",
            "bool",
            "float4",
            "float8",
            "numeric(9,2)",
            "numeric(30,2)",
            "uuid",
            "int8",
            "text",
            "text[]");

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"", "write.parquet.compression-codec=gzip", "parquet.enable.dictionary=false"})
    void what_is_written_is_read_with_and_without_filters(String property) throws IOException {
        long seed = Long.getLong("philotes.seed", System.nanoTime());
        System.out.println("RandomColumnsTest seed " + seed + " " + property);
        Random random = new Random(seed);
        try (JdbcCatalog catalog = LocalCatalog.open(directory)) {
            Table table = table(catalog, random, property);
            List<String[]> rows = rows(random, 20_000 + random.nextInt(20_000));
            write(table, rows);
            requireEqual(rows, IcebergGenerics.read(table));
            for (int column = 0; column < 7; column++) {
                for (int i = 0; i < 4; i++) {
                    requireFiltered(table, rows, column, rows.get(random.nextInt(rows.size()))[column]);
                }
            }
        }
    }

    private static RelationSchema relation() {
        String[] columns = new String[TYPES.size()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = "c" + i + " " + TYPES.get(i);
        }
        return Relations.of(List.of(0), columns);
    }

    private static Table table(JdbcCatalog catalog, Random random, String property) {
        catalog.createNamespace(Namespace.of("n"));
        Map<String, String> properties = new HashMap<>(Map.of(
                "format-version", "3",
                "write.parquet.row-group-size-bytes", Integer.toString(100_000 + random.nextInt(2_000_000)),
                "write.parquet.page-row-limit", Integer.toString(100 + random.nextInt(30_000)),
                "write.parquet.page-size-bytes", Integer.toString(1_000 + random.nextInt(200_000))));
        if (!property.isEmpty()) {
            properties.put(property.split("=")[0], property.split("=")[1]);
        }
        return catalog.createTable(
                TableIdentifier.of("n", "t"),
                SchemaMapper.schema(relation(), RowMode.UPSERT),
                PartitionSpec.unpartitioned(),
                properties);
    }

    private static List<String[]> rows(Random random, int count) {
        List<String[]> rows = new ArrayList<>(count);
        int[] variety = new int[TYPES.size()];
        int[] nulls = new int[TYPES.size()];
        for (int row = 0; row < count; row++) {
            String[] values = new String[TYPES.size()];
            values[0] = Long.toString(row);
            for (int i = 1; i < values.length; i++) {
                if (row == 0 || random.nextInt(4_000) == 0) {
                    variety[i] = 1 << random.nextInt(20);
                    nulls[i] = List.of(0, 0, 10, 90, 100).get(random.nextInt(5));
                }
                values[i] = random.nextInt(100) < nulls[i] ? null : value(TYPES.get(i), random.nextInt(variety[i]));
            }
            rows.add(values);
        }
        return rows;
    }

    private static String value(String type, int number) {
        return switch (type) {
            case "bool" -> number % 2 == 0 ? "t" : "f";
            case "text" -> number % 7 == 0 ? "" : "value " + "ü".repeat(number % 5) + number * 31;
            case "text[]" -> number % 3 == 0 ? "{}" : "{a" + number + ",NULL}";
            case "uuid" -> new UUID(number * 0x9E3779B97F4A7C15L, number).toString();
            case "float4", "float8" -> number == 5 ? "NaN" : number == 6 ? "-0" : Float.toString(number / 4f);
            case "numeric(9,2)", "numeric(30,2)" -> (number - 1000) + ".50";
            default -> Integer.toString(number - 100);
        };
    }

    private static void write(Table table, List<String[]> rows) throws IOException {
        RelationSchema relation = relation();
        RowLayout layout = RowLayout.of(
                relation,
                table.schema(),
                SchemaMapper.fieldIds(relation, table.schema(), RowMode.UPSERT),
                RowMode.UPSERT);
        EncryptedOutputFile file = EncryptedFiles.plainAsEncryptedOutput(
                table.io().newOutputFile(table.locationProvider().newDataLocation("f.parquet")));
        DataWriter<RowView> writer = RowFiles.dataWriter(table, file, layout, table.spec(), null);
        try (writer) {
            RowView row = layout.newRow();
            for (String[] values : rows) {
                row.decode(Tuples.of((Object[]) values));
                writer.write(row);
            }
        }
        table.newAppend().appendFile(writer.toDataFile()).commit();
    }

    private static void requireFiltered(Table table, List<String[]> rows, int column, String value) throws IOException {
        String name = "c" + column;
        Object literal = value == null ? null : literal(TYPES.get(column), value);
        if (literal instanceof Double number && number.isNaN()) {
            return;
        }
        requireEqual(
                rows.stream().filter(row -> same(column, row[column], value)).toList(),
                IcebergGenerics.read(table)
                        .where(value == null ? Expressions.isNull(name) : Expressions.equal(name, literal)));
    }

    private static boolean same(int column, String one, String other) {
        return one == null || other == null
                ? Objects.equals(one, other)
                : literal(TYPES.get(column), one).equals(literal(TYPES.get(column), other));
    }

    private static Object literal(String type, String value) {
        return switch (type) {
            case "bool" -> value.equals("t");
            case "text" -> value;
            case "float4", "float8" -> Double.valueOf(value);
            case "numeric(9,2)" -> new java.math.BigDecimal(value);
            default -> Long.valueOf(value);
        };
    }

    private static void requireEqual(List<String[]> rows, IcebergGenerics.ScanBuilder scan) throws IOException {
        int at = 0;
        try (CloseableIterable<Record> records = scan.build()) {
            for (Record record : records) {
                String[] expected = rows.get(at++);
                for (int i = 0; i < expected.length; i++) {
                    assertThat(text(TYPES.get(i), record.get(i)))
                            .as("c%d of row %d", i, at - 1)
                            .isEqualTo(expected[i]);
                }
            }
        }
        assertThat(at).isEqualTo(rows.size());
    }

    private static String text(String type, Object value) {
        if (value == null) {
            return null;
        }
        return switch (type) {
            case "bool" -> (Boolean) value ? "t" : "f";
            case "text[]" ->
                value.toString().replace("[", "{").replace("]", "}").replace(", null", ",NULL");
            case "float4", "float8" -> {
                float number = ((Number) value).floatValue();
                yield Float.floatToIntBits(number) == Integer.MIN_VALUE ? "-0" : Float.toString(number);
            }
            default -> value.toString();
        };
    }

    /** The dictionary pays for neither few rows nor many values, and takes its place where it does. */
    @Test
    void a_column_with_few_values_takes_little_room() throws IOException {
        try (JdbcCatalog catalog = LocalCatalog.open(directory)) {
            Table table = table(catalog, new Random(1), "write.parquet.page-row-limit=20000");
            List<String[]> rows = new ArrayList<>();
            for (int i = 0; i < 20_000; i++) {
                String[] row = new String[TYPES.size()];
                row[0] = Integer.toString(i);
                row[2] = "one of four long values that come again and again, number " + i % 4;
                rows.add(row);
            }
            write(table, rows);
            requireEqual(rows, IcebergGenerics.read(table));
            assertThat(table.currentSnapshot().summary().get("added-files-size"))
                    .satisfies(size -> assertThat(Long.parseLong(size)).isLessThan(100_000));
        }
    }
}
