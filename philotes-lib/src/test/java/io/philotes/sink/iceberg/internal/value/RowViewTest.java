// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.TupleView;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class RowViewTest {

    private static final RelationSchema RELATION =
            Relations.of(List.of(0), "id int8", "name text", "price numeric(30,2)", "tags text[]", "at timestamptz");

    private static final Schema SCHEMA = SchemaMapper.schema(RELATION, RowMode.UPSERT);

    private static RowLayout layout() {
        return RowLayout.of(RELATION, SCHEMA, SchemaMapper.fieldIds(RELATION, SCHEMA, RowMode.UPSERT), RowMode.UPSERT);
    }

    private static RowView row(Object... columns) {
        RowView row = layout().newRow();
        row.decode(Tuples.of(columns));
        return row;
    }

    private static Object value(RowView row, int position) {
        return row.get(position, Object.class);
    }

    private static void refuses(ErrorCode code, String column, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(column)
                .hasMessageContaining("table=public.t");
    }

    @Test
    void a_row_is_a_struct_of_internal_values() {
        RowView row = row("7", "a", "1.5", "{x,NULL}", "1970-01-01 00:00:01+00");
        assertThat(row.size()).isEqualTo(5);
        assertThat(row.get(0, Long.class)).isEqualTo(7L);
        assertThat(row.get(1, CharSequence.class)).hasToString("a");
        assertThat(row.get(2, BigDecimal.class)).isEqualTo(new BigDecimal("1.50"));
        assertThat(value(row, 3)).isEqualTo(Arrays.asList("x", null));
        assertThat(row.get(4, Long.class)).isEqualTo(1_000_000L);
    }

    @Test
    void iceberg_partitions_it() {
        PartitionSpec spec = PartitionSpec.builderFor(SCHEMA)
                .identity("name")
                .bucket("id", 16)
                .day("at")
                .truncate("price", 10)
                .build();
        PartitionKey key = new PartitionKey(spec, SCHEMA);
        key.partition(row("7", "a", "1.5", null, "1970-01-03 00:00:01+00"));
        assertThat(key.get(0, CharSequence.class)).hasToString("a");
        assertThat(key.get(1, Integer.class)).isBetween(0, 15);
        assertThat(key.get(2, Integer.class)).isEqualTo(2);
        key.partition(row("7", null, null, null, null));
        assertThat(key.get(0, CharSequence.class)).isNull();
    }

    @Test
    void a_bad_value_names_its_column_and_never_shows_itself() {
        refuses(ErrorCode.VALUE_OUT_OF_RANGE, "at", () -> row("7", "a", "1", null, "infinity"));
        refuses(ErrorCode.VALUE_MALFORMED, "id", () -> row("12secret", "a", "1", null, null));
        assertThatThrownBy(() -> row("12secret", "a", "1", null, null)).hasMessageNotContaining("secret");
        refuses(ErrorCode.VALUE_MALFORMED, "columns", () -> row("1"));
    }

    @Test
    void unchanged_is_neither_null_nor_a_value() {
        RowView row = row("7", Tuples.UNCHANGED, null, Tuples.UNCHANGED, null);
        assertThat(row.hasUnchanged()).isTrue();
        assertThat(row.unchangedFieldIds()).containsExactly(2, 4);
        assertThat(row.isUnchanged(2)).isTrue();
        assertThat(row.isNull(2)).isFalse();
        assertThat(row.isNull(3)).isTrue();
        refuses(ErrorCode.UNCHANGED_UNRESOLVED, "name", () -> value(row, 1));
        refuses(ErrorCode.UNCHANGED_UNRESOLVED, "name", row::requireWritable);
        row.fill(2, "filled");
        row.fill(4, null);
        assertThat(row.hasUnchanged()).isFalse();
        row.requireWritable();
        assertThat(value(row, 1)).isEqualTo("filled");
        assertThat(value(row, 3)).isNull();
        row.decode(Tuples.of("8", "b", null, null, null));
        assertThat(row.hasUnchanged()).isFalse();
    }

    @Test
    void the_old_row_completes_the_new_one() {
        RowView old = row("7", "old", "2.25", "{a}", null);
        RowView row = row("7", Tuples.UNCHANGED, Tuples.UNCHANGED, Tuples.UNCHANGED, null);
        row.unchangedFieldIds().forEach(id -> row.fillFrom(old, id));
        assertThat(row.hasUnchanged()).isFalse();
        RowView kept = row.detached();
        old.decode(Tuples.of("9", "next", "3", "{b,c}", null));
        assertThat(value(row, 3)).isEqualTo(List.of("a"));
        assertThat(value(kept, 1)).isEqualTo("old");
        assertThat(value(kept, 2)).isEqualTo(new BigDecimal("2.25"));
        row.fillFrom(row("1", Tuples.UNCHANGED, null, null, null), 2);
        assertThat(row.unchangedFieldIds()).containsExactly(2);
    }

    @Test
    void a_detached_row_outlives_the_tuple_and_the_next_decode() {
        TupleView tuple = Tuples.of("7", "name", "12345678901234567890.12", "{a,\"b\\\"c\"}", null);
        RowView row = layout().newRow();
        row.decode(tuple);
        RowView kept = row.detached();
        Arrays.fill(tuple.bytes(), (byte) '!');
        row.decode(Tuples.of("8", "other", "1", "{z}", null));
        assertThat(value(kept, 0)).isEqualTo(7L);
        assertThat(value(kept, 1)).isEqualTo("name");
        assertThat(value(kept, 2)).isEqualTo(new BigDecimal("12345678901234567890.12"));
        assertThat(value(kept, 3)).isEqualTo(List.of("a", "b\"c"));
        assertThat(kept.heapBytes()).isBetween(300L, 1500L);
        RowView large = row("1", "x".repeat(100_000), null, null, null).detached();
        assertThat(large.heapBytes()).isBetween(100_000L, 102_000L);
    }

    @Test
    void null_in_a_required_column_is_refused_only_when_written() {
        RowView row = row(null, "a", null, null, null);
        refuses(ErrorCode.VALUE_OUT_OF_RANGE, "id", row::requireWritable);
    }

    @Test
    void fields_without_a_source_are_null_and_columns_without_a_field_left_out() {
        Schema wider = new Schema(
                Types.NestedField.optional(10, "own", Types.StringType.get()),
                Types.NestedField.optional(11, "id", Types.LongType.get()));
        RowLayout layout = RowLayout.of(RELATION, wider, Map.of(1, 11, 2, 99), RowMode.UPSERT);
        RowView row = layout.newRow();
        row.decode(Tuples.of("7", "a", "not even read", "x", "x"));
        assertThat(value(row, 0)).isNull();
        assertThat(value(row, 1)).isEqualTo(7L);
        assertThat(layout.sourceFieldIds()).containsExactly(11);
        assertThat(layout.position(99)).isEqualTo(-1);
    }

    @Test
    void widened_columns_take_the_narrower_wire_type() {
        RelationSchema relation = Relations.of(List.of(0), "i int4", "f float4", "d numeric(5,2)");
        Schema widened = new Schema(
                Types.NestedField.optional(1, "i", Types.LongType.get()),
                Types.NestedField.optional(2, "f", Types.DoubleType.get()),
                Types.NestedField.optional(3, "d", Types.DecimalType.of(20, 4)));
        RowView row = RowLayout.of(relation, widened, Map.of(1, 1, 2, 2, 3, 3), RowMode.UPSERT)
                .newRow();
        row.decode(Tuples.of(WireBytes.int4(-5), "0.1", WireBytes.numeric(new BigDecimal("-1.25"))));
        assertThat(value(row, 0)).isEqualTo(-5L);
        assertThat(value(row, 1)).isEqualTo((double) 0.1f);
        assertThat(value(row, 2)).isEqualTo(new BigDecimal("-1.2500"));
    }

    @Test
    void a_layout_refuses_a_table_that_cannot_hold_the_rows() {
        Schema narrow = new Schema(Types.NestedField.optional(1, "id", Types.IntegerType.get()));
        refuses(ErrorCode.SCHEMA_CHANGE, "id", () -> RowLayout.of(RELATION, narrow, Map.of(1, 1), RowMode.UPSERT));
        Schema empty = new Schema();
        Schema required = new Schema(Types.NestedField.required(1, "own", Types.IntegerType.get()));
        refuses(ErrorCode.TARGET_UNUSABLE, "own", () -> RowLayout.of(RELATION, required, Map.of(), RowMode.UPSERT));
        refuses(
                ErrorCode.TARGET_UNUSABLE,
                "_cdc_operation",
                () -> RowLayout.of(RELATION, empty, Map.of(), RowMode.APPEND));
    }

    @Test
    void history_columns_exist_in_append_mode_only() {
        assertThatThrownBy(() -> row("1", null, null, null, null).cdc(CdcOperation.INSERT, Lsn.ZERO, 0, 0, 0))
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DEFECT));
    }

    @Test
    void a_value_of_another_type_is_a_defect() {
        RowView row = row("1", null, null, null, null);
        assertThatThrownBy(() -> row.fill(1, "text"))
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DEFECT))
                .hasMessageNotContaining("text as");
        assertThatThrownBy(() -> row.fill(3, new BigDecimal("1.234"))).isInstanceOf(PhilotesException.class);
        assertThatThrownBy(() -> row.fill(1, 1.5)).isInstanceOf(PhilotesException.class);
        assertThatThrownBy(() -> row.fill(2, 5)).isInstanceOf(PhilotesException.class);
    }
}
