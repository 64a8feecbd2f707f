// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.jmh;

import io.philotes.model.ChangeBatch;
import io.philotes.model.ChangeBatchBuilder;
import io.philotes.model.Column;
import io.philotes.model.Lsn;
import io.philotes.model.PgType;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.model.TableId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Rows as PostgreSQL sends them, in binary form: six small columns, the first of which is the key. Transactions follow each
 * other. For one thread.
 */
final class WireRows {

    /** Rows in a batch of {@link #inserts} and {@link #updates}. */
    static final int BATCH = 5_000;

    static final RelationSchema RELATION = relation();

    private static final int PER_TRANSACTION = 1_000;
    private static final int LARGEST = 256;
    private static final long MICROS = 800_000_000_000_000L;

    private final ChangeBatchBuilder builder = new ChangeBatchBuilder();
    private long lsn = 0x10000;
    private long key;

    private static RelationSchema relation() {
        List<PgType> types = List.of(
                PgType.base(20, "int8"),
                PgType.base(23, "int4"),
                PgType.base(20, "int8"),
                PgType.base(701, "float8"),
                PgType.base(1184, "timestamptz"),
                PgType.base(25, "text"));
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            columns.add(new Column("c" + i, i + 1, types.get(i), -1, i == 0, Optional.empty()));
        }
        return new RelationSchema(16_384, new TableId("public", "rows"), ReplicaIdentity.DEFAULT, columns, List.of(0));
    }

    /** The TupleData of a row. */
    static byte[] tuple(long key) {
        ByteBuffer bytes = ByteBuffer.allocate(LARGEST).putShort((short) 6);
        bytes.put((byte) 'b').putInt(8).putLong(key);
        bytes.put((byte) 'b').putInt(4).putInt((int) (key % 1_000));
        bytes.put((byte) 'b').putInt(8).putLong(key * 7);
        bytes.put((byte) 'b').putInt(8).putDouble(key % 100_000 * 0.25);
        bytes.put((byte) 'b').putInt(8).putLong(MICROS + key * 1_000);
        byte[] text =
                Long.toHexString(key * 0x9E3779B97F4A7C15L | Long.MIN_VALUE).getBytes(StandardCharsets.US_ASCII);
        bytes.put((byte) 'b').putInt(text.length).put(text);
        byte[] tuple = new byte[bytes.position()];
        bytes.flip().get(tuple);
        return tuple;
    }

    /** The Insert message of a row. */
    static byte[] insertMessage(long key) {
        byte[] tuple = tuple(key);
        return ByteBuffer.allocate(6 + tuple.length)
                .put((byte) 'I')
                .putInt(RELATION.oid())
                .put((byte) 'N')
                .put(tuple)
                .array();
    }

    /** The next {@link #BATCH} keys. */
    ChangeBatch inserts() {
        return inserts(BATCH);
    }

    /** The next {@code rows} keys. */
    ChangeBatch inserts(int rows) {
        for (int row = 0; row < rows; row++) {
            beginAt(row);
            byte[] tuple = tuple(key++);
            builder.insert(RELATION, tuple, 0, tuple.length);
            commitAt(row, rows);
        }
        return builder.cutWhole();
    }

    /** {@link #BATCH} keys all over those that were inserted. */
    ChangeBatch updates() {
        for (int row = 0; row < BATCH; row++) {
            beginAt(row);
            byte[] tuple = tuple((row * 7_919L + lsn * 31) % key);
            builder.update(RELATION, (byte) 0, tuple, 0, tuple.length);
            commitAt(row, BATCH);
        }
        return builder.cutWhole();
    }

    private void beginAt(int row) {
        if (row % PER_TRANSACTION == 0) {
            lsn += 0x100;
            builder.begin(new Lsn(lsn), MICROS + lsn, (int) lsn);
        }
    }

    private void commitAt(int row, int rows) {
        if (row % PER_TRANSACTION == PER_TRANSACTION - 1 || row == rows - 1) {
            builder.commit(new Lsn(lsn + 8));
        }
    }
}
