// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres.internal.pgoutput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PgOutputDecoderTest {

    /** What a PostgreSQL 17 sent, one message per line. */
    private static List<byte[]> recorded() {
        return recorded("recorded.hex");
    }

    private static List<byte[]> recorded(String resource) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                PgOutputDecoderTest.class.getResourceAsStream(resource), StandardCharsets.US_ASCII))) {
            return lines.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(HexFormat.of()::parseHex)
                    .toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static PgOutputMessage decode(byte[] message) {
        return PgOutputDecoder.decode(message, 0, message.length);
    }

    private static <T extends PgOutputMessage> List<T> decoded(Class<T> type) {
        return recorded().stream()
                .map(PgOutputDecoderTest::decode)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    @Test
    void every_recorded_message_is_understood() {
        String kinds = recorded().stream()
                .map(message -> decode(message).getClass().getSimpleName().substring(0, 1))
                .collect(Collectors.joining());
        assertThat(kinds).isEqualTo("BTRICBUCBUCBDCBRICBUCBDCBTRRTCLBLCBOTRIC");
    }

    @Test
    void what_is_streamed_of_open_transactions_is_understood() {
        StringBuilder kinds = new StringBuilder();
        List<PgOutputMessage> ends = new ArrayList<>();
        boolean inside = false;
        for (byte[] message : recorded("recorded-streamed.hex")) {
            boolean frames = "SEcA".indexOf(message[0]) >= 0;
            PgOutputMessage decoded = decode(inside && !frames ? withoutXid(message) : message);
            inside = decoded instanceof StreamStart || inside && !(decoded instanceof StreamStop);
            kinds.append((char) message[0]);
            if (decoded instanceof StreamCommit || decoded instanceof StreamAbort) {
                ends.add(decoded);
            }
        }
        assertThat(kinds.toString())
                .isEqualTo("SYRIIESIIESYRIIEBYRCSIIESMMUUEAASYRDDEMSDDYRTEc" + "SYRIIESIIEBYRCSMMUUEASYRDDEMSDDYRTEc");
        assertThat(ends)
                .startsWith(
                        new StreamAbort(0x2e1, 0x2e4),
                        new StreamAbort(0x2e2, 0x2e2),
                        new StreamCommit(0x2e1, Lsn.parse("0/178FA40"), Lsn.parse("0/178FBB8"), 0x000303d1aca3d39cL));
    }

    private static byte[] withoutXid(byte[] message) {
        byte[] without = new byte[message.length - 4];
        without[0] = message[0];
        System.arraycopy(message, 5, without, 1, without.length - 1);
        return without;
    }

    @Test
    void fields_are_read_as_the_manual_orders_them() {
        assertThat(decoded(Begin.class).get(0))
                .isEqualTo(new Begin(Lsn.parse("0/1513FF8"), 0x000303b3f9381b47L, 0x2e8));
        assertThat(decoded(Commit.class).get(0))
                .isEqualTo(new Commit(Lsn.parse("0/1513FF8"), Lsn.parse("0/1514040"), 0x000303b3f9381b47L));
        assertThat(decoded(Relation.class).get(1))
                .isEqualTo(new Relation(
                        0x400c,
                        "public",
                        "f",
                        'f',
                        List.of(new RelationColumn(true, "id", 23, -1), new RelationColumn(true, "note", 1043, 14))));
        assertThat(decoded(Type.class).get(0)).isEqualTo(new Type(0x4001, "public", "mood"));
        assertThat(decoded(Truncate.class)).containsExactly(new Truncate((byte) 1, List.of(0x4005, 0x400c)));
        assertThat(decoded(Origin.class)).containsExactly(new Origin(Lsn.parse("0/AA"), "elsewhere"));
        assertThat(decoded(LogicalMessage.class))
                .containsExactly(
                        new LogicalMessage(false, Lsn.parse("0/1516180"), "hb", 17, 1),
                        new LogicalMessage(true, Lsn.parse("0/15161B8"), "hb", 17, 2));
    }

    @Test
    void tuples_are_named_by_their_place() {
        assertThat(decoded(Insert.class).get(0)).isEqualTo(new Insert(0x4005, new TupleRange(6, 26, 4)));
        Update keyChange = decoded(Update.class).get(1);
        assertThat(keyChange.oldKind()).isEqualTo((byte) 'K');
        assertThat(keyChange.oldTuple()).isEqualTo(new TupleRange(6, 11, 4));
        assertThat(keyChange.newTuple().offset()).isEqualTo(18);
        assertThat(decoded(Update.class).get(0).oldTuple()).isNull();
        assertThat(decoded(Update.class).get(2).oldKind()).isEqualTo((byte) 'O');
        assertThat(decoded(Delete.class).get(0)).isEqualTo(new Delete(0x4005, (byte) 'K', new TupleRange(6, 11, 4)));
        assertThat(decoded(Delete.class).get(1).oldKind()).isEqualTo((byte) 'O');
    }

    @Test
    void a_message_inside_a_larger_array_is_read_in_its_bounds() {
        for (byte[] message : recorded()) {
            byte[] padded = new byte[message.length + 20];
            java.util.Arrays.fill(padded, (byte) 'n');
            System.arraycopy(message, 0, padded, 10, message.length);
            PgOutputMessage read = PgOutputDecoder.decode(padded, 10, 10 + message.length);
            assertThat(read.getClass()).isEqualTo(decode(message).getClass());
            assertProtocolFailure(() -> PgOutputDecoder.decode(padded, 10, 11 + message.length));
        }
    }

    @Test
    void every_truncation_of_every_recorded_message_is_refused() {
        for (byte[] message : recorded()) {
            for (int length = 0; length < Math.min(message.length, 200); length++) {
                int limit = length;
                assertProtocolFailure(() -> PgOutputDecoder.decode(message, 0, limit));
            }
        }
    }

    private static void assertProtocolFailure(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PROTOCOL));
    }

    @Property(tries = 5000)
    void random_bytes_never_fail_otherwise(@ForAll @Size(max = 300) byte[] bytes) {
        decodeOrRefuse(bytes);
    }

    @Property(tries = 5000)
    void recorded_messages_with_changed_bytes_never_fail_otherwise(
            @ForAll @IntRange(max = 38) int message, @ForAll @Size(min = 1, max = 5) List<Integer> changes) {
        List<byte[]> all = recorded();
        byte[] bytes = all.get(message % all.size()).clone();
        for (int change : changes) {
            bytes[Math.floorMod(change, bytes.length)] = (byte) (change >> 16);
        }
        decodeOrRefuse(bytes);
    }

    private static void decodeOrRefuse(byte[] bytes) {
        try {
            assertThat(decode(bytes)).isNotNull();
        } catch (PhilotesException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.PROTOCOL);
        }
    }

    @Property(tries = 1000)
    void a_generated_relation_comes_back(
            @ForAll int oid, @ForAll @Size(max = 30) List<@net.jqwik.api.constraints.AlphaChars String> names) {
        WireWriter out = new WireWriter()
                .int8('R')
                .int32(oid)
                .string("s")
                .string("tâble")
                .int8('d');
        out.int16(names.size());
        List<RelationColumn> columns = new ArrayList<>();
        for (String name : names) {
            out.int8(name.length() % 2)
                    .string(name)
                    .int32(oid ^ name.hashCode())
                    .int32(-1);
            columns.add(new RelationColumn(name.length() % 2 == 1, name, oid ^ name.hashCode(), -1));
        }
        assertThat(decode(out.bytes())).isEqualTo(new Relation(oid, "s", "tâble", 'd', columns));
    }

    @Property(tries = 1000)
    void a_generated_update_comes_back(
            @ForAll int oid, @ForAll @Size(max = 20) List<byte[]> old, @ForAll @Size(max = 20) List<byte[]> row) {
        WireWriter out =
                new WireWriter().int8('U').int32(oid).int8('O').tuple(old).int8('N');
        int newAt = out.bytes().length;
        out.tuple(row);
        Update update = (Update) decode(out.bytes());
        assertThat(update.oldTuple()).isEqualTo(new TupleRange(6, newAt - 7, old.size()));
        assertThat(update.newTuple()).isEqualTo(new TupleRange(newAt, out.bytes().length - newAt, row.size()));
    }
}
