// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit.contract;

import io.philotes.model.ChangeBatch;
import io.philotes.model.ChangeBatchBuilder;
import io.philotes.model.Column;
import io.philotes.model.Lsn;
import io.philotes.model.PgType;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.model.TableId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Batches for tests of buffers; a transaction's content follows from its end LSN. */
public final class BatchFixtures {

    public static final RelationSchema ORDERS = relation(1, "orders");
    public static final RelationSchema ITEMS = relation(2, "items");

    private BatchFixtures() {}

    /** A relation with one text column and a key. */
    public static RelationSchema relation(int oid, String name) {
        return new RelationSchema(
                oid,
                new TableId("public", name),
                ReplicaIdentity.DEFAULT,
                List.of(Column.of("id", 1, PgType.base(25, "text"))),
                List.of(0));
    }

    /** One whole transaction that ends at {@code endLsn}. */
    public static ChangeBatch whole(long endLsn, int changes, int bytesPerChange) {
        return whole(endLsn, changes, bytesPerChange, ORDERS);
    }

    /** One whole transaction in one relation. */
    public static ChangeBatch whole(long endLsn, int changes, int bytesPerChange, RelationSchema relation) {
        ChangeBatchBuilder builder = new ChangeBatchBuilder();
        transaction(builder, endLsn, changes, bytesPerChange, relation);
        return builder.cutWhole();
    }

    /** One batch of several transactions. */
    public static ChangeBatch wholes(long... endLsns) {
        ChangeBatchBuilder builder = new ChangeBatchBuilder();
        for (long endLsn : endLsns) {
            transaction(builder, endLsn, 2, 10, ITEMS);
        }
        return builder.cutWhole();
    }

    private static void transaction(
            ChangeBatchBuilder builder, long endLsn, int changes, int bytesPerChange, RelationSchema relation) {
        builder.begin(new Lsn(endLsn - 1), endLsn * 1000, (int) endLsn);
        addChanges(builder, relation, endLsn, changes, bytesPerChange);
        builder.commit(new Lsn(endLsn));
    }

    /** One transaction cut into {@code parts} batches, the last of which ends at {@code endLsn}. */
    public static List<ChangeBatch> parted(long endLsn, int parts, int changesPerPart, int bytesPerChange) {
        ChangeBatchBuilder builder = new ChangeBatchBuilder();
        List<ChangeBatch> batches = new ArrayList<>();
        builder.begin(new Lsn(endLsn - 1), endLsn * 1000, (int) endLsn);
        for (int i = 1; i < parts; i++) {
            addChanges(builder, i % 2 == 0 ? ORDERS : ITEMS, endLsn, changesPerPart, bytesPerChange);
            batches.add(builder.cutPart());
        }
        addChanges(builder, ORDERS, endLsn, changesPerPart, bytesPerChange);
        builder.commit(new Lsn(endLsn));
        batches.add(builder.cutWhole());
        return batches;
    }

    private static void addChanges(
            ChangeBatchBuilder builder, RelationSchema relation, long endLsn, int changes, int bytesPerChange) {
        for (int i = 0; i < changes; i++) {
            byte[] tuple = tuple(endLsn * 31 + i, bytesPerChange);
            builder.insert(relation, tuple, 0, tuple.length);
        }
    }

    private static byte[] tuple(long seed, int size) {
        ByteBuffer tuple = ByteBuffer.allocate(7 + size);
        tuple.putShort((short) 1).put((byte) 't').putInt(size);
        for (int i = 0; i < size; i++) {
            tuple.put((byte) ('a' + Math.floorMod(seed + i, 26)));
        }
        return tuple.array();
    }

    /** Everything a reader can see of a batch, comparable. */
    public static String describe(ChangeBatch batch) {
        byte[] used = Arrays.copyOf(batch.bytes(), batch.length());
        return batch.extent() + " " + batch.relations() + " " + used.length + ":" + Arrays.hashCode(used);
    }
}
