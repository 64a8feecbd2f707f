// SPDX-License-Identifier: Apache-2.0
package io.philotes.readers.spark;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;

/**
 * Prints tables of a JDBC catalog as JSON lines: {@code ReadTables <jdbc url> <warehouse> <table>... --filter <table>...},
 * tables as {@code namespace.name}. Each line has {@code table}, {@code kind} and {@code row}. Of every table: {@code row}
 * and {@code plain} are the rows as the vectorised and the row-wise reader see them, {@code pushed} and {@code scanned} the
 * count, minimum and maximum of each column with and without the help of column metrics, {@code refused} is the reason why
 * Spark does not read it. Of those behind {@code --filter}: how many rows each column's filters find in the table
 * ({@code found}) and in its rows once they are in memory, where nothing is skipped ({@code held}).
 */
public final class ReadTables {

    private static final String CATALOG = "philotes";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final SparkSession spark;
    private final PrintStream out;

    private ReadTables(SparkSession spark, PrintStream out) {
        this.spark = spark;
        this.out = out;
    }

    /** Reads and prints every table named. */
    public static void main(String[] args) throws IOException {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        List<String> tables = List.of(args).subList(2, args.length);
        int split = tables.indexOf("--filter");
        try (SparkSession spark = session(args[0], args[1])) {
            ReadTables reader = new ReadTables(spark, out);
            for (String table : tables.subList(0, split)) {
                reader.read(table);
            }
            for (String table : tables.subList(split + 1, tables.size())) {
                reader.filter(table);
            }
        }
        out.flush();
    }

    private static SparkSession session(String uri, String warehouse) {
        String catalog = "spark.sql.catalog." + CATALOG;
        return SparkSession.builder()
                .master("local[1]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "localhost")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.datetime.java8API.enabled", "true")
                .config("spark.sql.shuffle.partitions", "1")
                .config("spark.sql.adaptive.enabled", "false")
                .config("spark.sql.codegen.wholeStage", "false")
                .config(catalog, "org.apache.iceberg.spark.SparkCatalog")
                .config(catalog + ".type", "jdbc")
                .config(catalog + ".uri", uri)
                .config(catalog + ".warehouse", warehouse)
                .config(catalog + ".jdbc.schema-version", "V1")
                .getOrCreate();
    }

    private void read(String table) throws IOException {
        Dataset<Row> rows;
        try {
            rows = open(table, true);
        } catch (UnsupportedOperationException e) {
            print(table, "refused", JSON.createObjectNode().put("reason", e.getMessage()));
            return;
        }
        printAll(table, "row", rows.collectAsList());
        printAll(table, "plain", open(table, false).collectAsList());
        printAll(table, "pushed", aggregates(rows, true));
        printAll(table, "scanned", aggregates(rows, false));
    }

    private Dataset<Row> open(String table, boolean vectorised) {
        return spark.read().option("vectorization-enabled", vectorised).table(CATALOG + "." + table);
    }

    private List<Row> aggregates(Dataset<Row> rows, boolean pushDown) {
        spark.conf().set("spark.sql.iceberg.aggregate-push-down.enabled", pushDown);
        List<Column> columns = new ArrayList<>();
        for (StructField field : rows.schema().fields()) {
            columns.add(functions.count(rows.col(field.name())));
            if (isOrdered(field) && !field.dataType().typeName().equals("binary")) {
                columns.add(functions.min(rows.col(field.name())));
                columns.add(functions.max(rows.col(field.name())));
            }
        }
        return rows.agg(functions.count(functions.lit(1)), columns.toArray(Column[]::new))
                .collectAsList();
    }

    private static boolean isOrdered(StructField field) {
        return !field.dataType().typeName().equals("array");
    }

    private void filter(String table) throws IOException {
        Dataset<Row> rows = open(table, true);
        List<Row> all = rows.collectAsList();
        Row sample = all.get(all.size() / 2);
        printAll(table, "found", matches(rows, sample).collectAsList());
        printAll(
                table,
                "held",
                matches(spark.createDataFrame(all, rows.schema()), sample).collectAsList());
    }

    /** Per column, how many rows are equal to a row's value, below it, and above it; one job for them all. */
    private static Dataset<Row> matches(Dataset<Row> rows, Row sample) {
        Dataset<Row> counts = null;
        for (StructField field : rows.schema().fields()) {
            Column column = rows.col(field.name());
            Object value = sample.getAs(field.name());
            if (isOrdered(field) && value != null) {
                for (Column match : List.of(column.equalTo(value), column.lt(value), column.gt(value))) {
                    Dataset<Row> count = rows.filter(match)
                            .agg(functions.count(functions.lit(1)).as("count"))
                            .select(functions.lit(field.name()).as("column"), functions.col("count"));
                    counts = counts == null ? count : counts.unionAll(count);
                }
            }
        }
        return counts;
    }

    private void printAll(String table, String kind, List<Row> rows) throws IOException {
        for (Row row : rows) {
            print(table, kind, CanonicalRow.of(row));
        }
    }

    private void print(String table, String kind, ObjectNode row) throws IOException {
        ObjectNode line = JSON.createObjectNode().put("table", table).put("kind", kind);
        out.println(JSON.writeValueAsString(line.set("row", row)));
    }
}
