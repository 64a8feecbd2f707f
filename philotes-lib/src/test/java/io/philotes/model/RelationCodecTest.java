// SPDX-License-Identifier: Apache-2.0
package io.philotes.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RelationCodecTest {

    private static byte[] encoded(RelationSchema relation) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        RelationCodec.write(relation, new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    private static RelationSchema decoded(byte[] bytes) throws IOException {
        return RelationCodec.read(new DataInputStream(new ByteArrayInputStream(bytes)));
    }

    @Property
    void a_relation_round_trips(@ForAll long seed) throws IOException {
        RelationSchema relation = Schemas.random(new Random(seed));
        assertThat(decoded(encoded(relation))).isEqualTo(relation);
    }

    @Property
    void a_beginning_of_a_relation_is_malformed(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        byte[] whole = encoded(Schemas.random(random));
        byte[] cut = Arrays.copyOf(whole, random.nextInt(whole.length));
        assertThatThrownBy(() -> decoded(cut)).isInstanceOf(MalformedBatchException.class);
    }

    @Property(tries = 5000)
    void damaged_bytes_are_malformed_or_another_relation(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        byte[] bytes = encoded(Schemas.random(random));
        for (int i = random.nextInt(4); i >= 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        try {
            assertThat(decoded(bytes)).isNotNull();
        } catch (MalformedBatchException expected) {
            assertThat(expected.getMessage()).isNotEmpty();
        }
    }

    @Test
    void arrays_without_end_are_malformed() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        RelationSchema empty = new RelationSchema(1, new TableId("s", "t"), ReplicaIdentity.FULL, List.of(), List.of());
        out.write(encoded(empty), 0, encoded(empty).length - 4);
        out.writeShort(1);
        out.writeUTF("column");
        out.writeShort(1);
        for (int i = 0; i < 100_000; i++) {
            out.writeInt(1);
            out.writeUTF("");
            out.writeByte(PgType.Kind.ARRAY.ordinal());
        }
        assertThatThrownBy(() -> decoded(bytes.toByteArray())).isInstanceOf(MalformedBatchException.class);
    }

    @Test
    void numbers_without_room_are_not_written() {
        Column column = Column.of("c", 70_000, PgType.base(25, "text"));
        RelationSchema relation =
                new RelationSchema(1, new TableId("s", "t"), ReplicaIdentity.FULL, List.of(column), List.of());
        assertThatThrownBy(() -> encoded(relation)).isInstanceOf(IllegalArgumentException.class);
    }
}
