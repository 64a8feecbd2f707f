// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.error.ErrorCode;
import io.philotes.model.BinaryForms;
import io.philotes.model.Column;
import io.philotes.model.PgType;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.model.Row;
import io.philotes.model.TableId;
import io.philotes.model.TupleView;
import io.philotes.testkit.TestPostgres;
import java.io.ByteArrayOutputStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.iceberg.types.Type;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.postgresql.PGConnection;

/** Every type's values as a real PostgreSQL sends them: text stream, binary stream and binary COPY. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WireFormsTest {

    private static final int COPY_HEADER = 19;

    private final List<WireCase> cases = WireCases.all();
    private final List<PgType> types = new ArrayList<>();
    private final List<Integer> typeModifiers = new ArrayList<>();
    private TupleView textStream;
    private TupleView binaryStream;
    private TupleView binaryCopy;

    @BeforeAll
    void fetch_from_postgres() throws Exception {
        try (TestPostgres postgres = TestPostgres.start();
                Connection connection = postgres.connect();
                Statement sql = connection.createStatement()) {
            sql.execute("CREATE TYPE mood AS ENUM ('happy', 'so so')");
            sql.execute("CREATE TYPE pair AS (a int, b text)");
            sql.execute("CREATE TABLE t (" + columns("c%d %s") + ")");
            sql.execute("ALTER TABLE t REPLICA IDENTITY FULL");
            sql.execute("CREATE PUBLICATION p FOR TABLE t");
            sql.execute("SELECT pg_create_logical_replication_slot('s', 'pgoutput')");
            sql.execute("INSERT INTO t VALUES ("
                    + cases.stream().map(c -> c.value()).collect(Collectors.joining(", ")) + ")");
            sql.execute("SET lc_monetary = 'C'");
            sql.execute("SET bytea_output = 'hex'");
            sql.execute("SET extra_float_digits = 3");
            readTypes(sql);
            textStream = stream(sql, "false");
            binaryStream = stream(sql, "true");
            binaryCopy = copy(connection);
        }
    }

    private String columns(String format) {
        return IntStream.range(0, cases.size())
                .mapToObj(i -> String.format(format, i, cases.get(i).type()))
                .collect(Collectors.joining(", "));
    }

    private void readTypes(Statement sql) throws Exception {
        try (ResultSet row = sql.executeQuery("""
                SELECT t.oid::int8, t.typname, t.typtype, a.atttypmod, t.typcategory, t.typelem::int8,
                       e.typname, e.typtype, e.typarray = t.oid
                FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_type e ON e.oid = t.typelem
                WHERE a.attrelid = 't'::regclass AND a.attnum > 0 ORDER BY a.attnum""")) {
            while (row.next()) {
                boolean isArray = row.getBoolean(9);
                types.add(
                        isArray
                                ? PgType.arrayOf(
                                        (int) row.getLong(1), type(row.getLong(6), row.getString(7), row.getString(8)))
                                : type(row.getLong(1), row.getString(2), row.getString(3)));
                typeModifiers.add(row.getInt(4));
            }
        }
    }

    private static PgType type(long oid, String name, String kind) {
        return switch (kind) {
            case "b" -> PgType.base((int) oid, name);
            case "e" -> PgType.enumeration((int) oid, name);
            default -> PgType.other((int) oid, name);
        };
    }

    /** The Insert message: 'I', int32 relation, 'N', TupleData. */
    private static TupleView stream(Statement sql, String binary) throws Exception {
        try (ResultSet row = sql.executeQuery(
                "SELECT data FROM pg_logical_slot_peek_binary_changes('s', NULL, NULL, 'proto_version', '1',"
                        + " 'publication_names', 'p', 'binary', '" + binary + "')")) {
            while (row.next()) {
                byte[] message = row.getBytes(1);
                if (message[0] == 'I') {
                    TupleView tuple = new TupleView();
                    tuple.readTupleData(message, 6, message.length);
                    return tuple;
                }
            }
        }
        throw new AssertionError("no insert in the stream");
    }

    private static TupleView copy(Connection connection) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        connection.unwrap(PGConnection.class).getCopyAPI().copyOut("COPY t TO STDOUT (FORMAT binary)", out);
        TupleView tuple = new TupleView();
        tuple.readCopyTuple(out.toByteArray(), COPY_HEADER, out.size());
        return tuple;
    }

    /** What became of one value. */
    private record Outcome(Object value, Optional<ErrorCode> refused) {}

    private Outcome decode(TupleView tuple, int i) {
        PgType type = types.get(i);
        Type target = TypeMapping.of(type, typeModifiers.get(i)).type();
        Slots slots = new Slots(1);
        try {
            decode(tuple, i, type, Decoders.of(type, target), slots);
            return new Outcome(GenericValues.internal(target, slots, 0), Optional.empty());
        } catch (BadValueException e) {
            return new Outcome(null, Optional.of(e.code()));
        }
    }

    private static void decode(TupleView tuple, int i, PgType type, ValueDecoder decoder, Slots slots) {
        switch (tuple.kind(i)) {
            case TupleView.NULL -> slots.setNull(0);
            case TupleView.TEXT -> decoder.text(tuple.bytes(), tuple.offset(i), tuple.length(i), slots, 0);
            default -> {
                assertThat(BinaryForms.known(type)).isTrue();
                decoder.binary(tuple.bytes(), tuple.offset(i), tuple.length(i), slots, 0);
            }
        }
    }

    @Test
    void text_decodes_to_what_it_means() {
        for (int i = 0; i < cases.size(); i++) {
            check(i, textStream, "text");
        }
    }

    @Test
    void binary_stream_decodes_to_what_it_means() {
        for (int i = 0; i < cases.size(); i++) {
            if (BinaryForms.known(types.get(i))) {
                check(i, binaryStream, "binary");
            }
        }
    }

    @Test
    void binary_copy_decodes_to_what_it_means() {
        for (int i = 0; i < cases.size(); i++) {
            if (BinaryForms.known(types.get(i))) {
                check(i, binaryCopy, "copy");
            }
        }
    }

    private void check(int i, TupleView tuple, String form) {
        WireCase wire = cases.get(i);
        assertThat(decode(tuple, i)).as(form + " " + wire).isEqualTo(new Outcome(wire.expected(), wire.refused()));
    }

    @Test
    void the_binary_stream_is_binary_where_it_should() {
        for (int i = 0; i < cases.size(); i++) {
            if (BinaryForms.known(types.get(i)) && !binaryStream.isNull(i)) {
                assertThat(binaryStream.kind(i)).as("%s", cases.get(i)).isEqualTo(TupleView.BINARY);
            }
        }
    }

    @Test
    void a_rows_text_is_the_same_in_every_form() {
        List<Column> columns = IntStream.range(0, cases.size())
                .mapToObj(i -> Column.of("c" + i, i + 1, types.get(i)))
                .toList();
        RelationSchema relation =
                new RelationSchema(1, new TableId("public", "t"), ReplicaIdentity.FULL, columns, List.of());
        Row text = Row.whole(relation, textStream);
        Row binary = Row.whole(relation, binaryStream);
        Row copied = Row.whole(relation, binaryCopy);
        for (int i = 0; i < cases.size(); i++) {
            // This text session has another time zone than the source pins.
            if (BinaryForms.known(types.get(i)) && !types.get(i).name().startsWith("timestamptz")) {
                assertThat(binary.text("c" + i)).as("%s", cases.get(i)).isEqualTo(text.text("c" + i));
                assertThat(copied.text("c" + i)).as("%s", cases.get(i)).isEqualTo(text.text("c" + i));
            }
        }
    }

    @Test
    void every_truncated_binary_value_is_refused_or_shorter_but_never_a_crash() {
        for (int i = 0; i < cases.size(); i++) {
            PgType type = types.get(i);
            if (BinaryForms.known(type) && !binaryStream.isNull(i)) {
                ValueDecoder decoder = Decoders.of(
                        type, TypeMapping.of(type, typeModifiers.get(i)).type());
                for (int length = 0; length < Math.min(binaryStream.length(i), 100); length++) {
                    tolerate(decoder, binaryStream, i, length);
                }
            }
        }
    }

    private static void tolerate(ValueDecoder decoder, TupleView tuple, int i, int length) {
        byte[] cut = java.util.Arrays.copyOfRange(tuple.bytes(), tuple.offset(i), tuple.offset(i) + length);
        try {
            decoder.binary(cut, 0, length, new Slots(1), 0);
        } catch (BadValueException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
        try {
            decoder.text(cut, 0, length, new Slots(1), 0);
        } catch (BadValueException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }
}
