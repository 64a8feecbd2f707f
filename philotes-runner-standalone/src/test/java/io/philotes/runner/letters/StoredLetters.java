// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.letters;

import io.philotes.dlq.DeadLetter;
import io.philotes.dlq.DeadLetterQueue;
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
import io.philotes.model.SequenceNumber;
import io.philotes.model.TableId;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Dead letters of a pipeline that is called shop. */
public final class StoredLetters {

    public static final String PIPELINE = "shop";

    private static final TableId TABLE = new TableId("public", "Odd Orders");

    private static final RelationSchema RELATION = new RelationSchema(
            1,
            TABLE,
            ReplicaIdentity.DEFAULT,
            List.of(Column.of("id", 1, PgType.base(23, "int4")), Column.of("name", 2, PgType.base(25, "text"))),
            List.of(0));

    private StoredLetters() {}

    public static DeadLetterQueue queue(Path directory) {
        DeadLetterQueue queue = FileDeadLetterQueue.at(directory);
        queue.open(PIPELINE);
        return queue;
    }

    public static List<DeadLetter.Id> ids(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new DeadLetter.Id(PIPELINE, "sink", TABLE, new SequenceNumber(new Lsn(100 + i), 0)))
                .toList();
    }

    /** Adds inserts of rows 0 to count, one a transaction. */
    public static void add(DeadLetterQueue queue, int count) {
        for (DeadLetter.Id id : ids(count)) {
            int row = (int) (id.at().commitLsn().value() - 100);
            queue.add(List.of(ParkedChange.rejected(
                    id,
                    new TreeSet<>(Set.of("[" + row + "]")),
                    "PHI-5001",
                    "Cannot keep it: too wide",
                    insert(id.at().commitLsn(), row),
                    Instant.parse("2026-11-21T12:00:00.5Z"))));
        }
    }

    private static byte[] insert(Lsn commitLsn, int row) {
        ByteArrayOutputStream tuple = new ByteArrayOutputStream();
        byte[] name = "secret\u001b[2J".getBytes(StandardCharsets.UTF_8);
        try (DataOutputStream out = new DataOutputStream(tuple)) {
            out.writeShort(2);
            out.writeByte('b');
            out.writeInt(4);
            out.writeInt(row);
            out.writeByte('t');
            out.writeInt(name.length);
            out.write(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ChangeBatchBuilder builder = new ChangeBatchBuilder();
        builder.begin(commitLsn, 1_000_000, 5);
        builder.insert(RELATION, tuple.toByteArray(), 0, tuple.size());
        builder.commit(new Lsn(commitLsn.value() + 1));
        ChangeCursor cursor = builder.cutWhole().cursor();
        cursor.next();
        cursor.next();
        return BatchCodec.encode(cursor.alone());
    }
}
