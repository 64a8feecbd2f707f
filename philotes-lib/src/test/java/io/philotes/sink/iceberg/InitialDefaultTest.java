// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.FLOAT8;
import static io.philotes.sink.iceberg.Relations.INT4;
import static io.philotes.sink.iceberg.Relations.INT8;
import static io.philotes.sink.iceberg.Relations.KEYED;
import static io.philotes.sink.iceberg.Relations.KEYLESS;
import static io.philotes.sink.iceberg.Relations.TEXT;
import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static io.philotes.sink.iceberg.TestLake.row;
import static io.philotes.sink.iceberg.Tuples.UNCHANGED;
import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.ChangeBatch;
import io.philotes.model.Column;
import io.philotes.model.PgType;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.model.TableFacts;
import io.philotes.sink.Divergence;
import io.philotes.sink.WriteResult;
import io.philotes.testkit.OtherWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ADD COLUMN … DEFAULT} gives older rows a value that no change tells; readers of format 3 show it all the same. */
class InitialDefaultTest {

    private final ChangeFeed feed = new ChangeFeed(LOADED_AT.value());

    private static Column column(PgType type, int typeModifier, String missingValue) {
        return new Column("c", 4, type, typeModifier, false, Optional.ofNullable(missingValue));
    }

    private static RelationSchema with(RelationSchema table, Column added) {
        List<Column> columns = new ArrayList<>(table.columns());
        columns.add(added);
        return new RelationSchema(table.oid(), table.table(), table.identity(), columns, table.keyColumns());
    }

    private static TableFacts facts(int highestAttnum) {
        return new TableFacts("", true, "100", highestAttnum, Map.of(), Map.of(), Map.of());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "bool; -1; t; true",
                "int2; -1; -32768; -32768",
                "int4; -1; 7; 7",
                "int8; -1; 9223372036854775807; 9223372036854775807",
                "oid; -1; 4294967295; 4294967295",
                "float4; -1; 0.1; 0.1",
                "float8; -1; -1e-300; -1.0E-300",
                "numeric; 655366; 12345678.90; 12345678.90",
                "numeric; -1; 1.500; 1.500",
                "text; -1; it's {\"ü\"} 😀; it's {\"ü\"} 😀",
                "varchar; 24; ''; ''",
                "date; -1; 2026-02-28; 2026-02-28",
                "time; -1; 23:59:59.999999; 23:59:59.999999",
                "timestamp; -1; 1969-12-31 23:59:59.999999; 1969-12-31T23:59:59.999999",
                "timestamptz; -1; 2026-01-01 00:00:00+00; 2026-01-01T00:00Z",
                "uuid; -1; a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11; a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
                "jsonb; -1; {\"a\": 1}; {\"a\": 1}",
                "interval; -1; 1 day; 1 day"
            })
    void older_rows_show_it(String type, int typeModifier, String missing, String shown) {
        TestLake lake = new TestLake().loaded(KEYED, facts(3), row(1, "a", 1));
        RelationSchema added = with(KEYED, column(PgType.base(type.hashCode(), type), typeModifier, missing));
        lake.apply(feed.begin()
                .insert(added, 2, "b", 2, null)
                .picture(added, facts(4))
                .commit());
        assertThat(lake.rows("orders")).containsExactly("1|a|1|" + shown, "2|b|2|null");
    }

    /** Readers before Iceberg 1.12 take the column that a file does not have for NULL there: apache/iceberg#16690. */
    @Test
    void filters_find_it() throws IOException {
        TestLake lake = new TestLake().loaded(KEYED, facts(3), row(1, "a", 1));
        RelationSchema added = with(KEYED, column(INT4, -1, "7"));
        lake.apply(feed.begin()
                .insert(added, 2, "b", 2, null)
                .picture(added, facts(4))
                .commit());
        for (Expression filter :
                List.of(Expressions.equal("c", 7), Expressions.notNull("c"), Expressions.greaterThan("c", 6))) {
            try (CloseableIterable<Record> rows =
                    IcebergGenerics.read(lake.table("orders")).where(filter).build()) {
                assertThat(rows)
                        .as("%s", filter)
                        .extracting(row -> row.getField("id"))
                        .containsExactly(1L);
            }
        }
    }

    @Test
    void bytes_are_shown_too() {
        TestLake lake = new TestLake().loaded(KEYED, row(1, "a", 1));
        RelationSchema added = with(KEYED, column(PgType.base(17, "bytea"), -1, "\\x00ff"));
        lake.apply(feed.begin().picture(added, facts(4)).commit());
        assertThat(lake.table("orders").schema().findField("c").initialDefault())
                .isEqualTo(ByteBuffer.wrap(new byte[] {0, -1}));
        assertThat(lake.rows("orders")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "float8; NaN",
                "float4; -Infinity",
                "date; 0044-03-15 BC",
                "date; 10000-01-01",
                "date; infinity",
                "timestamp; infinity",
                "int4; no number"
            })
    void what_metadata_cannot_hold_exactly_is_told(String type, String missing) {
        assertTold(new TestLake(), column(PgType.base(type.hashCode(), type), -1, missing));
    }

    @Test
    void a_list_and_a_long_text_are_told() {
        assertTold(new TestLake(), column(PgType.arrayOf(1007, INT4), -1, "{1,2}"));
        assertTold(new TestLake(), column(TEXT, -1, "x".repeat(5_000)));
    }

    @Test
    void format_2_has_no_defaults() {
        assertTold(new TestLake(options -> options.formatVersion(2)), column(INT4, -1, "7"));
    }

    private static void assertTold(TestLake lake, Column column) {
        lake.loaded(KEYED, row(1, "a", 1));
        ChangeFeed feed = new ChangeFeed(LOADED_AT.value());
        WriteResult result = lake.write(
                feed.begin().picture(with(KEYED, column), facts(4)).commit().batch());
        assertThat(result.rejections()).isEmpty();
        assertThat(result.divergences())
                .extracting(Divergence::reason)
                .containsExactly("column c was added with a default: older rows show NULL");
        lake.commit(feed.end());
        assertThat(lake.rows("orders")).containsExactly("1|a|1|null");
    }

    @Test
    void a_history_is_not_changed_by_it() {
        TestLake lake = new TestLake(options -> options.mode(WriteMode.APPEND)).loaded(KEYED, row(1, "a", 1));
        RelationSchema added = with(KEYED, column(INT4, -1, "7"));
        lake.apply(feed.begin().insert(added, 2, "b", 2, 8).commit());
        assertThat(lake.table("orders").schema().findField("c").initialDefault())
                .isNull();
    }

    @Test
    void older_versions_that_come_again_after_a_crash_show_it_too() {
        TestLake lake = new TestLake().loaded(KEYED, row(1, "a", 1));
        RelationSchema added = with(KEYED, column(INT4, -1, "7"));
        ChangeBatch batch = feed.begin()
                .insert(KEYED, 2, "b", 2)
                .update(KEYED, 1, UNCHANGED, 10)
                .commit()
                .begin()
                .insert(added, 3, "c", 3, null)
                .commit()
                .batch();
        assertThat(lake.write(batch)).isEqualTo(WriteResult.CLEAN);
        lake.restart().resume(added, LOADED_AT);
        assertThat(lake.write(batch)).isEqualTo(WriteResult.CLEAN);
        lake.commit(feed.end());
        assertThat(lake.rows("orders")).containsExactly("1|a|10|7", "2|b|2|7", "3|c|3|null");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void an_unchanged_value_of_an_older_row_is_the_default(boolean committedBetween) {
        TestLake lake = new TestLake().loaded(KEYED, row(1, "a", 1), row(2, "b", 2));
        RelationSchema added = with(KEYED, column(TEXT, -1, "big"));
        feed.begin().picture(added, facts(4)).commit();
        if (committedBetween) {
            lake.apply(feed);
        }
        lake.apply(feed.begin().update(added, 1, UNCHANGED, 10, UNCHANGED).commit());
        assertThat(lake.rows("orders")).containsExactly("1|a|10|big", "2|b|2|big");
    }

    @Test
    void a_row_without_a_key_is_found_by_it() {
        TestLake lake = new TestLake().loaded(KEYLESS, row(1, "a", 1), row(1, "a", 1), row(2, "b", 2));
        RelationSchema added = with(KEYLESS, column(FLOAT8, -1, "2.5"));
        lake.apply(feed.begin()
                .delete(KEYLESS, 'O', 2, "b", 2)
                .insert(KEYLESS, 3, "c", 3)
                .delete(added, 'O', 1, "a", 1, "2.5")
                .update(added, 'O', List.of(3, "c", 3, "2.5"), List.of(3, "c", 3, "9.5"))
                .commit());
        assertThat(lake.rows("orders")).containsExactly("1|a|1|2.5", "3|c|3|9.5");
        lake.restart().resume(added, LOADED_AT);
        lake.apply(feed.begin().delete(added, 'O', 1, "a", 1, "2.5").commit());
        assertThat(lake.rows("orders")).containsExactly("3|c|3|9.5");
    }

    @Test
    void it_widens_with_its_column() {
        TestLake lake = new TestLake().loaded(KEYED, row(1, "a", 1));
        lake.apply(feed.begin()
                .insert(with(KEYED, column(INT4, -1, "7")), 2, "b", 2, 8)
                .insert(with(KEYED, column(INT8, -1, null)), 3, "c", 3, 5_000_000_000L)
                .commit());
        assertThat(lake.rows("orders")).containsExactly("1|a|1|7", "2|b|2|8", "3|c|3|5000000000");
    }

    @Test
    void a_column_dropped_and_added_again_shows_the_new_default() {
        TestLake lake = new TestLake().loaded(KEYED, row(1, "a", 1));
        RelationSchema again = Relations.orders(
                ReplicaIdentity.DEFAULT,
                List.of(0),
                KEYED.columns().get(0),
                KEYED.columns().get(2),
                new Column("name", 4, TEXT, -1, false, Optional.of("new")));
        lake.apply(feed.begin().picture(again, facts(4)).commit());
        assertThat(lake.rows("orders")).containsExactly("1|1|new");
    }

    @Test
    void foreign_compaction_keeps_it() {
        TestLake lake = new TestLake().loaded(KEYED, row(1, "a", 1));
        RelationSchema added = with(KEYED, column(INT4, -1, "7"));
        lake.apply(feed.begin().insert(added, 2, "b", 2, null).commit());
        OtherWriter.compact(lake.table("orders"));
        assertThat(lake.rows("orders")).containsExactly("1|a|1|7", "2|b|2|null");
        lake.apply(feed.begin().update(added, 1, "A", 1, UNCHANGED).commit());
        assertThat(lake.rows("orders")).containsExactly("1|A|1|7", "2|b|2|null");
    }

    @Test
    void a_table_copy_writes_every_row_and_needs_none() {
        TestLake lake = new TestLake().loaded(KEYED, row(1, "a", 1));
        RelationSchema added = with(KEYED, column(INT4, -1, "7"));
        lake.apply(feed.begin().picture(added, facts(4)).commit());
        RelationSchema more = with(added, new Column("d", 5, INT4, -1, false, Optional.of("5")));
        TestLake.load(lake.sink(), more, feed.end(), row(1, "a", 1, null, null));
        assertThat(lake.rows("orders")).containsExactly("1|a|1|null|null");
        assertThat(lake.table("orders").schema().columns())
                .filteredOn(field -> field.name().equals("d"))
                .extracting(Types.NestedField::initialDefault)
                .containsOnlyNulls();
    }
}
