// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.RelationSchema;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

class KeyEncoderTest {

    private static RowLayout layout(RelationSchema relation) {
        Schema schema = SchemaMapper.schema(relation, RowMode.UPSERT);
        return RowLayout.of(relation, schema, SchemaMapper.fieldIds(relation, schema, RowMode.UPSERT), RowMode.UPSERT);
    }

    private static String key(RowLayout layout, KeyEncoder encoder, Object... columns) {
        RowView row = layout.newRow();
        row.decode(Tuples.of(columns));
        encoder.encode(row);
        return encoder.hi() + ":" + encoder.lo();
    }

    @Test
    void one_integer_is_its_own_key() {
        for (String type : List.of("int2", "int4", "int8", "oid")) {
            RowLayout layout = layout(Relations.of(List.of(1), "name text", "id " + type));
            KeyEncoder encoder = Encoders.ofKey(layout);
            assertThat(encoder.isLong()).isTrue();
            key(layout, encoder, "x", "123");
            assertThat(encoder.asLong()).isEqualTo(123);
        }
        RowLayout layout = layout(Relations.of(List.of(0), "day date"));
        key(layout, Encoders.ofKey(layout), "1970-01-05");
        assertThat(Encoders.ofKey(layout).isLong()).isTrue();
    }

    @Test
    void anything_else_is_hashed() {
        for (RelationSchema relation : List.of(
                Relations.of(List.of(0), "id text"),
                Relations.of(List.of(0, 1), "a int4", "b int4"),
                Relations.of(List.of(0), "at timestamp"))) {
            assertThat(Encoders.ofKey(layout(relation)).isLong()).isFalse();
        }
    }

    @Test
    void a_null_integer_key_and_an_unchanged_key_are_refused() {
        RowLayout layout = layout(Relations.of(List.of(0), "id int8"));
        assertThatThrownBy(() -> key(layout, Encoders.ofKey(layout), (Object) null))
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.VALUE_OUT_OF_RANGE));
        RowLayout text = layout(Relations.of(List.of(0), "id text"));
        assertThatThrownBy(() -> key(text, Encoders.ofKey(text), Tuples.UNCHANGED))
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNCHANGED_UNRESOLVED));
    }

    @Test
    void the_borders_between_columns_count() {
        RowLayout layout = layout(Relations.of(List.of(0, 1), "a text", "b text"));
        KeyEncoder encoder = Encoders.ofKey(layout);
        assertThat(List.of(
                        key(layout, encoder, "ab", "c"),
                        key(layout, encoder, "a", "bc"),
                        key(layout, encoder, "abc", ""),
                        key(layout, encoder, "", "abc"),
                        key(layout, encoder, "abc", null),
                        key(layout, encoder, null, "abc")))
                .doesNotHaveDuplicates();
    }

    @Test
    void rows_are_equal_as_values_are() {
        RowLayout layout =
                layout(Relations.of(List.of(), "f float8", "d numeric(10,2)", "n numeric", "l float4[]", "t text"));
        KeyEncoder encoder = Encoders.ofRow(layout);
        assertThat(key(layout, encoder, "NaN", "1", "1.0", "{NaN,NULL}", null))
                .isEqualTo(key(layout, encoder, "NaN", "1.00", "1.0", "{NaN,NULL}", null));
        assertThat(List.of(
                        key(layout, encoder, "0", "1", "1.0", "{0}", null),
                        key(layout, encoder, "-0", "1", "1.0", "{0}", null),
                        key(layout, encoder, "0", "1", "1.00", "{0}", null),
                        key(layout, encoder, "0", "1", "1.0", "{-0}", null),
                        key(layout, encoder, "0", "1", "1.0", "{}", null),
                        key(layout, encoder, "0", "1", "1.0", "{NULL}", null),
                        key(layout, encoder, "0", "1", "1.0", null, null),
                        key(layout, encoder, "0", "1", "1.0", null, "")))
                .doesNotHaveDuplicates();
    }

    @Test
    void widening_a_column_keeps_every_key() {
        RelationSchema relation = Relations.of(List.of(), "i int4", "d numeric(18,2)", "f float4");
        Schema before = SchemaMapper.schema(relation, RowMode.UPSERT);
        Schema after = new Schema(
                Types.NestedField.optional(1, "i", Types.LongType.get()),
                Types.NestedField.optional(2, "d", Types.DecimalType.of(30, 2)),
                Types.NestedField.optional(3, "f", Types.DoubleType.get()));
        Map<Integer, Integer> ids = Map.of(1, 1, 2, 2, 3, 3);
        RowLayout narrow = RowLayout.of(relation, before, ids, RowMode.UPSERT);
        RowLayout wide = RowLayout.of(relation, after, ids, RowMode.UPSERT);
        for (String f : List.of("0.1", "NaN", "-0")) {
            String expected = key(narrow, Encoders.ofRow(narrow), "-5", "-0.01", f);
            assertThat(key(wide, Encoders.ofRow(wide), "-5", "-0.01", f)).isEqualTo(expected);
            assertThat(key(wide, Encoders.ofRow(narrow), "-5", "-0.01", f)).isEqualTo(expected);
        }
    }

    @Property
    void a_record_gives_the_key_of_the_wire(@ForAll String text, @ForAll long number, @ForAll int scaled) {
        RowLayout layout = layout(Relations.of(List.of(2, 0), "n int8", "skipped text", "t text", "d numeric(20,3)"));
        KeyEncoder encoder = KeyEncoder.of(layout.schema(), List.of(3, 1, 4));
        BigDecimal decimal = BigDecimal.valueOf(scaled, 3);
        String clean = text.replaceAll("\\p{Cs}|\\x00", "");
        String fromWire = key(layout, encoder, Long.toString(number), null, clean, WireBytes.numeric(decimal));
        GenericRecord record = GenericRecord.create(encoder.projection());
        record.set(0, clean);
        record.set(1, number);
        record.set(2, decimal);
        encoder.encode(record);
        assertThat(encoder.hi() + ":" + encoder.lo()).isEqualTo(fromWire);
    }

    /** The reference's first three vectors: key 00 01 … 0f, message of 0, 1 and 2 bytes 00 01. */
    @Test
    void the_hash_is_siphash_2_4_128() {
        assertThat(sipHash(0)).isEqualTo("a3817f04ba25a8e66df67214c7550293");
        assertThat(sipHash(1)).isEqualTo("da87c1d86b99af44347659119b22fc45");
        assertThat(sipHash(2)).isEqualTo("8177228da4a45dc7fca38bdef60affe4");
    }

    private static String sipHash(int length) {
        SipHash hash = new SipHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
        hash.hash(new byte[] {0, 1, 2, 3}, length);
        ByteBuffer bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        return HexFormat.of()
                .formatHex(bytes.putLong(hash.first()).putLong(hash.second()).array());
    }

    @Test
    void hashes_of_many_keys_differ_in_both_halves() {
        RowLayout layout = layout(Relations.of(List.of(0), "id text"));
        KeyEncoder encoder = Encoders.ofKey(layout);
        long[] halves = new long[40_000];
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < halves.length; i += 2) {
            keys.add(key(layout, encoder, "key " + i));
            halves[i] = encoder.hi();
            halves[i + 1] = encoder.lo();
        }
        assertThat(Arrays.stream(halves).distinct().count()).isEqualTo(halves.length);
        assertThat(keys).doesNotHaveDuplicates();
    }
}
