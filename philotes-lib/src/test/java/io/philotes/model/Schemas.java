// SPDX-License-Identifier: Apache-2.0
package io.philotes.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Random relation versions for tests. */
final class Schemas {

    private Schemas() {}

    static RelationSchema random(Random random) {
        List<Column> columns = new ArrayList<>();
        int count = random.nextInt(8);
        for (int i = 0; i < count; i++) {
            columns.add(new Column(
                    name(random),
                    1 + random.nextInt(1600),
                    type(random, 2),
                    random.nextInt(),
                    random.nextBoolean(),
                    random.nextBoolean() ? Optional.of(name(random)) : Optional.empty()));
        }
        List<Integer> keys = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (random.nextInt(3) == 0) {
                keys.add(0, i);
            }
        }
        ReplicaIdentity identity = ReplicaIdentity.values()[random.nextInt(4)];
        return new RelationSchema(random.nextInt(), new TableId(name(random), name(random)), identity, columns, keys);
    }

    private static String name(Random random) {
        String[] pieces = {"a", "Z", "_", "\"", ".", " ", "ı", "😀", "\u0000", "ß", "\n"};
        StringBuilder name = new StringBuilder();
        for (int i = random.nextInt(20); i >= 0; i--) {
            name.append(pieces[random.nextInt(pieces.length)]);
        }
        return name.toString();
    }

    private static PgType type(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 4 : 3)) {
            case 0 -> PgType.base(random.nextInt(), name(random));
            case 1 -> PgType.enumeration(random.nextInt(), name(random));
            case 2 -> PgType.other(random.nextInt(), name(random));
            default -> PgType.arrayOf(random.nextInt(), type(random, depth - 1));
        };
    }
}
