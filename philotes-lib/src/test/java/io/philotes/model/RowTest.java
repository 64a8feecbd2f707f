// SPDX-License-Identifier: Apache-2.0
package io.philotes.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowTest {

    private static final RelationSchema TABLE = new RelationSchema(
            1,
            new TableId("public", "t"),
            ReplicaIdentity.DEFAULT,
            List.of(
                    Column.of("id", 1, PgType.base(20, "int8")),
                    Column.of("note", 2, PgType.base(25, "text")),
                    Column.of("big", 3, PgType.base(25, "text"))),
            List.of(0));

    private static byte[] tuple(String id, String note, boolean bigIsUnchanged) {
        ByteBuffer bytes = ByteBuffer.allocate(100).putShort((short) 3);
        text(bytes, id);
        text(bytes, note);
        bytes.put((byte) (bigIsUnchanged ? 'u' : 'n'));
        byte[] exact = new byte[bytes.position()];
        bytes.flip().get(exact);
        return exact;
    }

    private static void text(ByteBuffer bytes, String value) {
        if (value == null) {
            bytes.put((byte) 'n');
        } else {
            byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
            bytes.put((byte) 't').putInt(utf8.length).put(utf8);
        }
    }

    private static Row row(byte[] tuple) {
        TupleView view = new TupleView();
        view.readTupleData(tuple, 0, tuple.length);
        Row row = Row.whole(TABLE, view);
        byte[] other = tuple("0", "another", false);
        view.readTupleData(other, 0, other.length);
        return row;
    }

    @Test
    void values_are_read_by_name_and_stay_when_the_view_moves_on() {
        Row row = row(tuple("42", "né", false));
        assertThat(row.longValue("id")).isEqualTo(42);
        assertThat(row.text("note")).isEqualTo("né");
        assertThat(row.isNull("big")).isTrue();
        assertThat(row.text("big")).isNull();
        assertThat(row.toString()).doesNotContain("42", "né");
    }

    /** {@code SELECT 0.1::float4::float8} says so, too. */
    @Test
    void a_float4_is_no_rounder_than_it_is() {
        RelationSchema floats = new RelationSchema(
                3,
                new TableId("public", "floats"),
                ReplicaIdentity.DEFAULT,
                List.of(
                        Column.of("four", 1, PgType.base(700, "float4")),
                        Column.of("eight", 2, PgType.base(701, "float8"))),
                List.of());
        ByteBuffer bytes = ByteBuffer.allocate(100).putShort((short) 2);
        text(bytes, "0.1");
        text(bytes, "0.1");
        TupleView view = new TupleView();
        view.readTupleData(bytes.array(), 0, bytes.position());
        Row row = Row.whole(floats, view);
        assertThat(row.doubleValue("four")).isEqualTo(0.10000000149011612);
        assertThat(row.doubleValue("eight")).isEqualTo(0.1);
    }

    /** As PostgreSQL before 16 sends it in text: alone it is no UTF-8, and nothing else may stand there instead. */
    @Test
    void a_char_above_127_is_spelt() {
        PgType single = PgType.base(18, "char");
        RelationSchema chars = new RelationSchema(
                2,
                new TableId("public", "chars"),
                ReplicaIdentity.DEFAULT,
                List.of(
                        Column.of("raw", 1, single),
                        Column.of("all", 2, PgType.arrayOf(1002, single)),
                        Column.of("other", 3, single)),
                List.of(0));
        ByteBuffer bytes = ByteBuffer.allocate(100).putShort((short) 3);
        bytes.put((byte) 't').putInt(1).put((byte) 0xFE);
        bytes.put((byte) 't').putInt(9).put(new byte[] {'{', 'x', ',', (byte) 0x80, ',', (byte) 0xFF, ',', 'y', '}'});
        text(bytes, "é");
        TupleView view = new TupleView();
        view.readTupleData(bytes.array(), 0, bytes.position());
        Row row = Row.whole(chars, view);
        assertThat(row.text("raw")).isEqualTo("\\376");
        assertThat(row.text("all")).isEqualTo("{x,\"\\\\200\",\"\\\\377\",y}");
        assertThat(row.text("other")).as("of a database in another encoding").isEqualTo("é");
    }

    @Test
    void what_was_not_sent_is_never_taken_for_null() {
        Row row = row(tuple("1", null, true));
        assertThat(row.isUnchanged("big")).isTrue();
        assertThat(row.isSent("big")).isFalse();
        assertThatThrownBy(() -> row.text("big")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> row.isNull("big")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> row.longValue("note")).hasMessageContaining("is NULL");
        assertThatThrownBy(() -> row.text("none")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void an_old_row_without_full_identity_has_its_key_only() {
        TupleView view = new TupleView();
        byte[] tuple = tuple("7", null, false);
        view.readTupleData(tuple, 0, tuple.length);
        Row row = Row.keyOf(TABLE, view);
        assertThat(row.longValue("id")).isEqualTo(7);
        assertThatThrownBy(() -> row.isNull("note")).hasMessageContaining("key columns only");
    }

    @Test
    void a_batch_is_seen_as_events_in_order() {
        ChangeBatchBuilder builder = new ChangeBatchBuilder();
        builder.begin(new Lsn(100), 1_700_000_000_123_456L, 7);
        byte[] one = tuple("1", "a", false);
        builder.insert(TABLE, one, 0, one.length);
        builder.insert(TABLE, one, 0, one.length);
        builder.commit(new Lsn(120));
        List<ChangeEvent> events = new ArrayList<>();
        ChangeCursor cursor = builder.cutWhole().cursor();
        while (cursor.next()) {
            events.addAll(ChangeEvent.at(cursor));
        }
        assertThat(events).hasSize(2).allMatch(ChangeEvent.Insert.class::isInstance);
        assertThat(events.get(1).origin().at()).isEqualTo(new SequenceNumber(new Lsn(100), 1));
        assertThat(events.get(1).origin().committedAt()).isEqualTo(Instant.parse("2023-11-14T22:13:20.123456Z"));
        assertThat(events.get(1).origin().transaction()).isEqualTo(7);
    }

    @Test
    void a_binary_value_of_another_width_is_refused() {
        PgType int4 = PgType.base(23, "int4");
        assertThat(ValueText.binary(int4, new byte[] {0, 0, 1, 0}, 0, 4)).isEqualTo("256");
        assertThatThrownBy(() -> ValueText.binary(int4, new byte[] {0, 0, 1, 0}, 0, 2))
                .isInstanceOf(MalformedBatchException.class);
        byte[] hiddenDigit = {0, 1, -1, -1, 0, 0, 0, 0, 0, 1};
        assertThatThrownBy(() -> ValueText.binary(PgType.base(1700, "numeric"), hiddenDigit, 0, 10))
                .isInstanceOf(MalformedBatchException.class);
        assertThatThrownBy(() -> ValueText.binary(PgType.base(1700, "numeric"), new byte[20], 0, 10))
                .isInstanceOf(MalformedBatchException.class);
    }
}
