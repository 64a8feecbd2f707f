// SPDX-License-Identifier: Apache-2.0
package io.philotes.dlq.file;

import io.philotes.dlq.DeadLetter;
import io.philotes.dlq.DeadLetterMove;
import io.philotes.dlq.DeadLetterState;
import io.philotes.model.Lsn;
import io.philotes.model.SequenceNumber;
import io.philotes.model.TableId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The heads of the records of a {@link LetterFile}, all numbers big-endian:
 *
 * <pre>
 * 'L' letter   id | int32 n × text key | text code | text reason | time parkedAt | int32 attempts | int8 state
 *              | text replay | time stateSince; the record's body is the change
 * 'M' move     int8 state | int8 1 with a replay | text replay | int8 1 with a failure | text code | text reason
 *              | time at | int32 n × id; the failure counts as an attempt
 * 'R' remove   int32 n × id
 * id           text sink | text schema | text table | int64 commitLsn | int64 ordinal
 * text         int32 length | UTF-8
 * time         int64 seconds since 1970 UTC | int32 nanoseconds
 * state        0 PARKED, 1 WANTED, 2 APPLYING, 3 APPLIED, 4 SUPERSEDED, 5 DISCARDED
 * </pre>
 */
final class RecordFormat {

    static final byte LETTER = 'L';
    static final byte MOVE = 'M';
    static final byte REMOVE = 'R';

    /** By their numbers in the file, which must never change. */
    private static final List<DeadLetterState> STATES = List.of(
            DeadLetterState.PARKED,
            DeadLetterState.WANTED,
            DeadLetterState.APPLYING,
            DeadLetterState.APPLIED,
            DeadLetterState.SUPERSEDED,
            DeadLetterState.DISCARDED);

    private RecordFormat() {}

    /** What a writer puts into a head. */
    private interface Content {
        void writeTo(DataOutputStream out) throws IOException;
    }

    private static byte[] bytes(Content content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            content.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static byte[] letter(DeadLetter letter) {
        return bytes(out -> {
            writeId(out, letter.id());
            out.writeInt(letter.keys().size());
            for (String key : letter.keys()) {
                writeText(out, key);
            }
            writeText(out, letter.code());
            writeText(out, letter.reason());
            writeTime(out, letter.parkedAt());
            out.writeInt(letter.attempts());
            out.writeByte(STATES.indexOf(letter.state()));
            writeText(out, letter.replay());
            writeTime(out, letter.stateSince());
        });
    }

    static byte[] move(DeadLetterMove move, Collection<DeadLetter.Id> ids) {
        return bytes(out -> {
            out.writeByte(STATES.indexOf(move.to()));
            out.writeByte(move.replay().isPresent() ? 1 : 0);
            writeText(out, move.replay().orElse(""));
            out.writeByte(move.failure().isPresent() ? 1 : 0);
            writeText(out, move.failure().map(DeadLetterMove.Failure::code).orElse(""));
            writeText(out, move.failure().map(DeadLetterMove.Failure::reason).orElse(""));
            writeTime(out, move.at());
            writeIds(out, ids);
        });
    }

    static byte[] remove(Collection<DeadLetter.Id> ids) {
        return bytes(out -> writeIds(out, ids));
    }

    private static void writeIds(DataOutputStream out, Collection<DeadLetter.Id> ids) throws IOException {
        out.writeInt(ids.size());
        for (DeadLetter.Id id : ids) {
            writeId(out, id);
        }
    }

    private static void writeId(DataOutputStream out, DeadLetter.Id id) throws IOException {
        writeText(out, id.sink());
        writeText(out, id.table().schema());
        writeText(out, id.table().name());
        out.writeLong(id.at().commitLsn().value());
        out.writeLong(id.at().ordinal());
    }

    private static void writeText(DataOutputStream out, String text) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(utf8.length);
        out.write(utf8);
    }

    private static void writeTime(DataOutputStream out, Instant time) throws IOException {
        out.writeLong(time.getEpochSecond());
        out.writeInt(time.getNano());
    }

    static DataInputStream read(byte[] head) {
        return new DataInputStream(new ByteArrayInputStream(head));
    }

    static DeadLetter readLetter(DataInputStream in, String pipeline, int changeBytes) throws IOException {
        DeadLetter.Id id = readId(in, pipeline);
        int count = in.readInt();
        SortedSet<String> keys = new TreeSet<>();
        for (int i = 0; i < count; i++) {
            keys.add(readText(in));
        }
        return new DeadLetter(
                id,
                keys,
                readText(in),
                readText(in),
                readTime(in),
                in.readInt(),
                readState(in),
                readText(in),
                readTime(in),
                changeBytes);
    }

    /** A stored move is a fact: whence it came was checked before it was written. */
    static DeadLetterMove readMove(DataInputStream in) throws IOException {
        DeadLetterState to = readState(in);
        Optional<String> replay = in.readByte() != 0 ? Optional.of(readText(in)) : skipped(in);
        boolean failed = in.readByte() != 0;
        DeadLetterMove.Failure failure = new DeadLetterMove.Failure(readText(in), readText(in));
        TreeSet<DeadLetterState> from = new TreeSet<>(STATES);
        from.removeIf(state -> !state.mayBecome(to));
        return new DeadLetterMove(from, to, replay, failed ? Optional.of(failure) : Optional.empty(), readTime(in));
    }

    private static Optional<String> skipped(DataInputStream in) throws IOException {
        readText(in);
        return Optional.empty();
    }

    static List<DeadLetter.Id> readIds(DataInputStream in, String pipeline) throws IOException {
        int count = in.readInt();
        List<DeadLetter.Id> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(readId(in, pipeline));
        }
        return ids;
    }

    private static DeadLetter.Id readId(DataInputStream in, String pipeline) throws IOException {
        String sink = readText(in);
        TableId table = new TableId(readText(in), readText(in));
        return new DeadLetter.Id(pipeline, sink, table, new SequenceNumber(new Lsn(in.readLong()), in.readLong()));
    }

    private static String readText(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IOException("a text has " + length + " bytes");
        }
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    private static Instant readTime(DataInputStream in) throws IOException {
        return Instant.ofEpochSecond(in.readLong(), in.readInt());
    }

    private static DeadLetterState readState(DataInputStream in) throws IOException {
        int number = in.readByte();
        if (number < 0 || number >= STATES.size()) {
            throw new IOException("unknown state " + number);
        }
        return STATES.get(number);
    }
}
