// SPDX-License-Identifier: Apache-2.0
package io.philotes.dlq.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.dlq.DeadLetter;
import io.philotes.dlq.DeadLetterFilter;
import io.philotes.dlq.DeadLetterMove;
import io.philotes.dlq.DeadLetterQueue;
import io.philotes.dlq.DeadLetterRequests;
import io.philotes.dlq.ParkedChange;
import io.philotes.dlq.file.FileDeadLetterQueue;
import io.philotes.model.BatchCodec;
import io.philotes.model.ChangeBatchBuilder;
import io.philotes.model.ChangeCursor;
import io.philotes.model.Column;
import io.philotes.model.Lsn;
import io.philotes.model.PgType;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.sink.iceberg.internal.value.WireText;
import io.philotes.testkit.contract.LetterFixtures;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.SeekableByteArrayInput;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An exported file, read with Avro alone. */
class DeadLetterExportTest {

    private static final RelationSchema ORDERS = new RelationSchema(
            16384,
            LetterFixtures.ORDERS,
            ReplicaIdentity.DEFAULT,
            List.of(
                    Column.of("id", 1, PgType.base(23, "int4")),
                    Column.of("näme", 2, PgType.base(25, "text")),
                    Column.of("big", 3, PgType.base(17, "bytea")),
                    Column.of("shape", 4, PgType.base(23, "int4"))),
            List.of(0));

    @TempDir
    Path directory;

    private DeadLetterQueue queue;

    @BeforeEach
    void open() {
        queue = FileDeadLetterQueue.at(directory);
        queue.open(LetterFixtures.PIPELINE);
    }

    /** A tuple of what is written to it. */
    private interface Tuple {
        void writeTo(DataOutputStream out) throws IOException;
    }

    private static byte[] tuple(int columns, Tuple content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeShort(columns);
            content.writeTo(out);
        }
        return bytes.toByteArray();
    }

    private static void value(DataOutputStream out, char kind, byte[] bytes) throws IOException {
        out.writeByte(kind);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] int4(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    /** An update that moves the key from 7 to 8. */
    private static byte[] update() throws IOException {
        byte[] oldTuple = tuple(4, out -> {
            value(out, 'b', int4(7));
            out.writeBytes("nnn");
        });
        byte[] newTuple = tuple(4, out -> {
            value(out, 'b', int4(8));
            value(out, 't', "Zoë \"x\"".getBytes(StandardCharsets.UTF_8));
            out.writeBytes("u");
            value(out, 'b', new byte[] {1, 2, 3});
        });
        ChangeBatchBuilder builder = new ChangeBatchBuilder();
        builder.begin(new Lsn(100), 1_000_000, 5);
        byte[] both = new byte[oldTuple.length + newTuple.length];
        System.arraycopy(oldTuple, 0, both, 0, oldTuple.length);
        System.arraycopy(newTuple, 0, both, oldTuple.length, newTuple.length);
        builder.update(ORDERS, (byte) 'K', both, 0, both.length);
        builder.commit(new Lsn(101));
        ChangeCursor cursor = builder.cutWhole().cursor();
        cursor.next();
        cursor.next();
        return BatchCodec.encode(cursor.alone());
    }

    private List<GenericRecord> exported(DeadLetterFilter filter) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        DeadLetterRequests requests = new DeadLetterRequests(queue, LetterFixtures.PIPELINE, Clock.systemUTC());
        long written = DeadLetterExport.write(requests, filter, WireText::of, out);
        List<GenericRecord> rows = new ArrayList<>();
        try (DataFileReader<GenericRecord> file =
                new DataFileReader<>(new SeekableByteArrayInput(out.toByteArray()), new GenericDatumReader<>())) {
            file.forEach(rows::add);
        }
        assertThat(rows).hasSize((int) written);
        return rows;
    }

    private static String text(GenericRecord row, String field) {
        return row.get(field) == null ? null : row.get(field).toString();
    }

    private static List<String> row(GenericRecord letter, String name) {
        List<String> fields = new ArrayList<>();
        for (Object field : (List<?>) letter.get(name)) {
            GenericRecord one = (GenericRecord) field;
            Object bytes = one.get("bytes");
            fields.add(text(one, "column") + " " + one.get("kind") + " " + text(one, "text") + " "
                    + (bytes == null ? null : ((ByteBuffer) bytes).remaining()));
        }
        return fields;
    }

    @Test
    void a_letter_is_told_with_its_columns_and_its_exact_bytes() throws IOException {
        DeadLetter.Id id = LetterFixtures.id(LetterFixtures.ORDERS, 100, 0);
        byte[] change = update();
        queue.add(List.of(ParkedChange.rejected(
                id, LetterFixtures.keys("[7]", "[8]"), "PHI-5001", "Cannot keep it", change, LetterFixtures.NOON)));
        queue.move(List.of(id), DeadLetterMove.wanted(LetterFixtures.NOON));
        GenericRecord row = exported(DeadLetterFilter.ALL).get(0);
        assertThat(List.of("pipeline", "sink", "schema", "table", "commit_lsn", "ordinal", "code", "reason", "state"))
                .extracting(field -> text(row, field))
                .containsExactly(
                        "shop", "lake", "public", "orders", "0/64", "0", "PHI-5001", "Cannot keep it", "WANTED");
        assertThat(row.get("keys")).hasToString("[[7], [8]]");
        assertThat(row.get("parked_at")).isEqualTo(1_795_262_400_123_456L);
        assertThat(row.get("commit_time")).isEqualTo(1_000_000L);
        assertThat(text(row, "operation")).isEqualTo("update");
        assertThat(row(row, "old_row"))
                .containsExactly(
                        "id value 7 null",
                        "näme not_sent null null",
                        "big not_sent null null",
                        "shape not_sent null null");
        assertThat(row(row, "new_row"))
                .containsExactly(
                        "id value 8 null",
                        "näme value Zoë \"x\" null",
                        "big unchanged null null",
                        "shape value null 3");
        assertThat(((GenericRecord) row.get("relation")).get("columns"))
                .asString()
                .contains("\"type\": \"bytea\"");
        byte[] stored = new byte[change.length];
        ((ByteBuffer) row.get("change")).get(stored);
        assertThat(stored).isEqualTo(change);
    }

    @Test
    void a_change_of_a_later_version_is_exported_as_its_bytes() throws IOException {
        queue.add(List.of(LetterFixtures.letter(LetterFixtures.id(LetterFixtures.ORDERS, 100, 0))));
        GenericRecord row = exported(DeadLetterFilter.ALL).get(0);
        assertThat(row.get("relation")).isNull();
        assertThat(row.get("new_row")).isNull();
        assertThat(((ByteBuffer) row.get("change")).remaining()).isPositive();
    }

    @Test
    void a_filter_and_many_pages_are_exported() throws IOException {
        List<ParkedChange> letters = new ArrayList<>();
        for (int i = 0; i < 450; i++) {
            letters.add(LetterFixtures.letter(
                    LetterFixtures.id(i % 3 == 0 ? LetterFixtures.ITEMS : LetterFixtures.ORDERS, i, 0)));
        }
        queue.add(letters);
        assertThat(exported(DeadLetterFilter.ALL)).hasSize(450);
        assertThat(exported(DeadLetterFilter.ALL.ofTable(LetterFixtures.ORDERS)))
                .hasSize(300);
        assertThat(exported(DeadLetterFilter.ALL.ofSink("none"))).isEmpty();
    }
}
