// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.FLOAT4;
import static io.philotes.sink.iceberg.Relations.FLOAT8;
import static io.philotes.sink.iceberg.Relations.INT4;
import static io.philotes.sink.iceberg.Relations.INT8;
import static io.philotes.sink.iceberg.Relations.ORDERS;
import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Column;
import io.philotes.model.PgType;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.sink.WriteResult;
import io.philotes.sink.iceberg.internal.value.RowLayout;
import io.philotes.sink.iceberg.internal.value.RowMode;
import io.philotes.sink.iceberg.internal.value.RowView;
import io.philotes.sink.iceberg.internal.value.SchemaMapper;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A row's partition keeps the order of the values, so that no filter leaves out the partition of a row that it wants. */
class RowPartitionTest {

    private static final int NUMERIC_4_2 = (4 << 16 | 2) + 4;

    private static final RelationSchema EVENTS = Relations.orders(
            ReplicaIdentity.DEFAULT,
            List.of(0),
            Column.of("id", 1, INT8),
            Column.of("at", 2, PgType.base(1114, "timestamp")),
            Column.of("number", 3, INT4),
            new Column("price", 4, PgType.base(1700, "numeric"), NUMERIC_4_2, false, Optional.empty()));

    private static final RelationSchema POINTS = Relations.orders(
            ReplicaIdentity.DEFAULT,
            List.of(0),
            Column.of("id", 1, INT8),
            Column.of("single", 2, FLOAT4),
            Column.of("wide", 3, FLOAT8));

    private final ChangeFeed feed = new ChangeFeed(LOADED_AT.value());

    private static Object partition(String transform, Object... values) {
        Schema schema = SchemaMapper.schema(EVENTS, RowMode.UPSERT);
        RowLayout layout =
                RowLayout.of(EVENTS, schema, SchemaMapper.fieldIds(EVENTS, schema, RowMode.UPSERT), RowMode.UPSERT);
        RowView row = layout.newRow();
        row.decode(TestLake.view(values));
        PartitionKey key = new RowPartition(PartitionField.spec(schema, List.of(transform)), layout).of(row);
        return key.get(0, Object.class);
    }

    private static TestLake lake(String transform) {
        return new TestLake(options -> options.table(ORDERS, TableOptions.DEFAULTS.partitionBy(transform)))
                .loaded(EVENTS);
    }

    private static List<Long> ids(TestLake lake, Expression filter) throws IOException {
        List<Long> ids = new ArrayList<>();
        try (CloseableIterable<Record> rows =
                IcebergGenerics.read(lake.table("orders")).where(filter).build()) {
            rows.forEach(row -> ids.add((Long) row.getField("id")));
        }
        return ids;
    }

    @ParameterizedTest
    @ValueSource(strings = {"hour(at)", "day(at)", "month(at)", "year(at)"})
    void a_time_in_the_first_second_of_a_unit_before_1970_is_found_by_filters(String transform) throws IOException {
        TestLake lake = lake(transform);
        lake.apply(feed.begin()
                .insert(EVENTS, 1, "1960-01-01 00:00:00.999999", null, null)
                .insert(EVENTS, 2, null, null, null)
                .commit());
        for (String literal : List.of("1960-01-01T00:00:00", "1960-01-01T00:00:00.999999")) {
            assertThat(ids(lake, Expressions.greaterThanOrEqual("at", literal))).containsExactly(1L);
        }
        assertThat(ids(lake, Expressions.equal("at", "1960-01-01T00:00:00.999999")))
                .containsExactly(1L);
        assertThat(ids(lake, Expressions.lessThanOrEqual("at", "1960-01-01T00:00:00.999999")))
                .containsExactly(1L);
        assertThat(ids(lake, Expressions.isNull("at"))).containsExactly(2L);
    }

    @Property
    void a_time_is_in_the_unit_that_it_is_in(
            @ForAll @LongRange(min = -210_866_803_200L, max = 7_000_000_000_000L) long second,
            @ForAll @LongRange(min = 0, max = 1) long late) {
        LocalDateTime at = LocalDateTime.ofInstant(
                Instant.ofEpochSecond(second, late * 999_999_000).truncatedTo(ChronoUnit.MICROS), ZoneOffset.UTC);
        String era = at.getYear() > 0 ? "" : " BC";
        int year = at.getYear() > 0 ? at.getYear() : 1 - at.getYear();
        String text = String.format(
                "%04d-%02d-%02d %02d:%02d:%02d.%06d%s",
                year,
                at.getMonthValue(),
                at.getDayOfMonth(),
                at.getHour(),
                at.getMinute(),
                at.getSecond(),
                at.getNano() / 1000,
                era);
        assertThat(partition("hour(at)", 1, text, null, null)).isEqualTo((int) Math.floorDiv(second, 3600));
        assertThat(partition("day(at)", 1, text, null, null)).isEqualTo((int) Math.floorDiv(second, 86_400));
        assertThat(partition("month(at)", 1, text, null, null))
                .isEqualTo((at.getYear() - 1970) * 12 + at.getMonthValue() - 1);
        assertThat(partition("year(at)", 1, text, null, null)).isEqualTo(at.getYear() - 1970);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
                    hour(at)              | 290000-01-01 00:00:00 | -           | -
                    truncate(10, number)  | -                     | -2147483648 | -
                    truncate(100, price)  | -                     | -           | -99.99
                    """)
    void a_row_without_a_partition_is_refused(String transform, String at, String number, String price) {
        assertThatThrownBy(() -> partition(transform, 1, at, number, price))
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.VALUE_OUT_OF_RANGE));
        TestLake lake = lake(transform);
        lake.apply(feed.begin().insert(EVENTS, 1, null, 5, "1.00").commit());
        assertThat(lake.write(feed.begin()
                                .insert(EVENTS, 2, at, number, price)
                                .commit()
                                .batch())
                        .rejections())
                .singleElement()
                .satisfies(rejection -> assertThat(rejection.table()).isEqualTo(ORDERS));
        assertThat(lake.rows("orders")).containsExactly("1|null|5|1.00");
    }

    @ParameterizedTest
    @EnumSource(WriteMode.class)
    void a_row_without_a_partition_is_set_aside(WriteMode mode) {
        TestLake lake = new TestLake(options ->
                        options.table(ORDERS, TableOptions.DEFAULTS.mode(mode).partitionBy("hour(at)")))
                .parking(10)
                .loaded(EVENTS);
        WriteResult result = lake.write(feed.begin()
                .insert(EVENTS, 1, "2000-01-01 00:00:00", 5, "1.00")
                .insert(EVENTS, 2, "290000-01-01 00:00:00", 5, "1.00")
                .commit()
                .batch());
        assertThat(result.rejections()).isEmpty();
        assertThat(result.parked()).hasSize(1);
        lake.commit(feed.end());
        assertThat(lake.rows("orders", "id")).containsExactly("1");
    }

    /** In a reader's manifests NaN is in no bounds, and the zeros are two numbers. */
    @ParameterizedTest
    @CsvSource({"single, NaN", "single, -0", "wide, NaN", "wide, -0"})
    void a_floating_number_that_filters_would_not_find_is_refused(String column, String value) throws IOException {
        TestLake lake = new TestLake(options -> options.table(ORDERS, TableOptions.DEFAULTS.partitionBy(column)))
                .loaded(POINTS);
        lake.apply(feed.begin()
                .insert(POINTS, 1, "0", "0")
                .insert(POINTS, 2, "Infinity", "Infinity")
                .insert(POINTS, 3, null, null)
                .commit());
        assertThat(ids(lake, Expressions.greaterThanOrEqual(column, 0.0))).containsExactlyInAnyOrder(1L, 2L);
        assertThat(lake.write(feed.begin()
                                .insert(POINTS, 4, value, value)
                                .commit()
                                .batch())
                        .rejections())
                .singleElement()
                .satisfies(rejection -> {
                    assertThat(rejection.failure().code()).isEqualTo(ErrorCode.VALUE_OUT_OF_RANGE);
                    assertThat(rejection.failure().reason()).contains("identity of column " + column);
                });
    }

    @Test
    void what_lies_just_within_has_its_partition() {
        assertThat(partition("hour(at)", 1, "246953-10-09 07:00:00", null, null))
                .isEqualTo(Integer.MAX_VALUE);
        assertThat(partition("truncate(10, number)", 1, null, "-2147483640", null))
                .isEqualTo(-2147483640);
        assertThat(partition("truncate(10, number)", 1, null, null, null)).isNull();
        assertThat(partition("truncate(10, id)", -1, null, null, null)).isEqualTo(-10L);
    }
}
