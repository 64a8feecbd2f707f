// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.FLOAT4;
import static io.philotes.sink.iceberg.Relations.FLOAT8;
import static io.philotes.sink.iceberg.Relations.INT8;
import static io.philotes.sink.iceberg.Relations.ORDERS;
import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.Column;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import java.io.IOException;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.parquet.Parquet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is equal to SQL, as -0.0 and 0.0, or greater, as NaN than every number, is found by filters on files and row groups.
 */
class FloatingBoundsTest {

    private static final RelationSchema POINTS = Relations.orders(
            ReplicaIdentity.DEFAULT,
            List.of(0),
            Column.of("id", 1, INT8),
            Column.of("single", 2, FLOAT4),
            Column.of("wide", 3, FLOAT8));

    private final ChangeFeed feed = new ChangeFeed(LOADED_AT.value());

    private static long rowsReadWith(Table table, Expression filter) throws IOException {
        long rows = 0;
        try (CloseableIterable<FileScanTask> files =
                table.newScan().filter(filter).planFiles()) {
            for (FileScanTask file : files) {
                rows += rowsRead(table, file.file(), filter);
            }
        }
        return rows;
    }

    /** As an engine reads that looks at the rows itself. */
    private static long rowsRead(Table table, DataFile file, Expression filter) throws IOException {
        long rows = 0;
        try (CloseableIterable<Object> read = Parquet.read(table.io().newInputFile(file.location()))
                .project(table.schema())
                .filter(filter)
                .createReaderFunc(message -> GenericParquetReaders.buildReader(table.schema(), message))
                .build()) {
            for (Object row : read) {
                rows++;
            }
        }
        return rows;
    }

    private static void requireFound(Table table, double literal, long rows) throws IOException {
        for (String column : List.of("single", "wide")) {
            for (Expression filter : List.of(
                    Expressions.equal(column, literal),
                    Expressions.greaterThanOrEqual(column, literal),
                    Expressions.lessThanOrEqual(column, literal))) {
                assertThat(rowsReadWith(table, filter)).as("%s", filter).isEqualTo(rows);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"-0, 0.0", "0, -0.0"})
    void a_file_of_one_zero_is_found_by_the_other(String value, double literal) throws IOException {
        TestLake lake = new TestLake().loaded(POINTS);
        lake.apply(feed.begin().insert(POINTS, 1, value, value).commit());
        requireFound(lake.table("orders"), literal, 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void a_compacted_file_too(int formatVersion) throws IOException {
        TestLake lake = new TestLake(options -> options.formatVersion(formatVersion)
                        .table(ORDERS, TableOptions.DEFAULTS.partitionBy("truncate(100, id)"))
                        .compaction(CompactionOptions.DEFAULT.withMinFiles(3).withCpuShare(1)))
                .loaded(POINTS);
        for (int id = 1; id <= 4; id++) {
            lake.apply(feed.begin().insert(POINTS, id, "-0", "-0").commit());
        }
        Compactions.settle(lake);
        assertThat(rowCount(lake, Expressions.alwaysTrue())).isLessThan(4);
        requireFound(lake.table("orders"), 0.0, 4);
    }

    /** Enough for a dictionary. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1500})
    void a_dictionary_leaves_no_minus_zero_out(int firstAt) throws IOException {
        TestLake lake = new TestLake().loaded(POINTS);
        feed.begin();
        for (int i = 0; i < 2_000; i++) {
            String value = i == firstAt ? "-0" : i % 2 == 0 ? "1.5" : "-1.5";
            feed.insert(POINTS, i, value, value);
        }
        lake.apply(feed.commit());
        assertThat(rowsReadWith(lake.table("orders"), Expressions.equal("wide", 0.0)))
                .isEqualTo(2_000);
        assertThat(rowsReadWith(lake.table("orders"), Expressions.equal("single", 0.0)))
                .isEqualTo(2_000);
    }

    /** As to PostgreSQL and Spark it is greater than every number. */
    @ParameterizedTest
    @CsvSource({"1, true", "NaN, true", "1, false", "NaN, false"})
    void nan_is_above_every_bound(String beside, boolean isCompacted) throws IOException {
        TestLake lake = new TestLake(options -> isCompacted
                        ? options.compaction(
                                CompactionOptions.DEFAULT.withMinFiles(2).withCpuShare(1))
                        : options)
                .loaded(POINTS);
        lake.apply(feed.begin()
                .insert(POINTS, 1, "NaN", "NaN")
                .insert(POINTS, 2, beside, beside)
                .commit());
        for (int id = 3; isCompacted && id < 6; id++) {
            lake.apply(feed.begin().insert(POINTS, id, "NaN", "NaN").commit());
        }
        Compactions.settle(lake);
        long rows = lake.rows("orders").size();
        Table table = lake.table("orders");
        for (String column : List.of("single", "wide")) {
            assertThat(rowsReadWith(table, Expressions.greaterThan(column, 5.0)))
                    .isEqualTo(rows);
            assertThat(rowsReadWith(table, Expressions.isNaN(column))).isEqualTo(rows);
        }
    }

    @Test
    void other_bounds_stay_as_they_are() {
        TestLake lake = new TestLake().loaded(POINTS);
        lake.apply(feed.begin()
                .insert(POINTS, 1, "-1.5", "NaN")
                .insert(POINTS, 2, "2.5", null)
                .insert(POINTS, 3, null, "6.5")
                .commit());
        assertThat(rowCount(lake, Expressions.lessThan("single", -1.5))).isZero();
        assertThat(rowCount(lake, Expressions.lessThan("wide", 6.5))).isZero();
        assertThat(rowCount(lake, Expressions.greaterThan("single", 2.5))).isZero();
        assertThat(rowCount(lake, Expressions.equal("single", 2.5))).isEqualTo(1);
        assertThat(rowCount(lake, Expressions.isNaN("wide"))).isEqualTo(1);
    }

    private static long rowCount(TestLake lake, Expression filter) {
        try (CloseableIterable<FileScanTask> files =
                lake.table("orders").newScan().filter(filter).planFiles()) {
            long count = 0;
            for (FileScanTask file : files) {
                count++;
            }
            return count;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
