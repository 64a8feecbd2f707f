// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.model.Column;
import io.philotes.model.PgType;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.model.TableId;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Rows in binary wire form for {@link WriteCost}: six narrow columns, or thirty mixed ones; the first is the key. */
record CostRows(String name, List<String> types, RelationSchema relation) {

    private static final int NUMERIC_12_2 = (12 << 16 | 2) + 4;
    private static final String HEX = "0123456789abcdef";

    static CostRows narrow() {
        return of("narrow", List.of("int8", "int4", "int8", "float8", "timestamptz", "text"));
    }

    static CostRows wide() {
        List<String> types = new ArrayList<>(List.of("int8"));
        for (int i = 0; i < 4; i++) {
            types.addAll(List.of("int4", "numeric", "timestamptz", "text", "bool", "int8"));
        }
        types.addAll(List.of("jsonb", "float8", "text", "date", "text"));
        return of("wide", types);
    }

    private static CostRows of(String name, List<String> types) {
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            PgType type = type(types.get(i));
            int modifier = type.name().equals("numeric") ? NUMERIC_12_2 : -1;
            columns.add(new Column("c" + i, i + 1, type, modifier, i == 0, Optional.empty()));
        }
        TableId table = new TableId("public", name);
        return new CostRows(name, types, new RelationSchema(4711, table, ReplicaIdentity.DEFAULT, columns, List.of(0)));
    }

    private static PgType type(String name) {
        return switch (name) {
            case "bool" -> PgType.base(16, name);
            case "int8" -> PgType.base(20, name);
            case "int4" -> PgType.base(23, name);
            case "text" -> PgType.base(25, name);
            case "float8" -> PgType.base(701, name);
            case "date" -> PgType.base(1082, name);
            case "timestamptz" -> PgType.base(1184, name);
            case "jsonb" -> PgType.base(3802, name);
            case "numeric" -> PgType.base(1700, name);
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** A TupleData. */
    byte[] tuple(long key, Random random) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeShort(types.size());
            for (int i = 0; i < types.size(); i++) {
                if (i > 3 && types.size() > 6 && random.nextInt(20) == 0) {
                    out.writeByte('n');
                } else {
                    out.writeByte('b');
                    value(types.get(i), i == 0, key, random, out);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void value(String type, boolean isKey, long key, Random random, DataOutputStream out)
            throws IOException {
        switch (type) {
            case "bool" -> {
                out.writeInt(1);
                out.writeByte(random.nextInt(2));
            }
            case "int8" -> {
                out.writeInt(8);
                out.writeLong(isKey ? key : random.nextLong() >>> 24);
            }
            case "int4" -> {
                out.writeInt(4);
                out.writeInt(random.nextInt(10_000));
            }
            case "date" -> {
                out.writeInt(4);
                out.writeInt(8_000 + random.nextInt(1_000));
            }
            case "float8" -> {
                out.writeInt(8);
                out.writeDouble(random.nextInt(1_000_000) / 100.0);
            }
            case "timestamptz" -> {
                out.writeInt(8);
                out.writeLong(750_000_000_000_000L + key * 1_000 + random.nextInt(1_000));
            }
            case "numeric" -> {
                out.writeInt(8 + 2 * 3);
                out.writeShort(3);
                out.writeShort(1);
                out.writeShort(0);
                out.writeShort(2);
                out.writeShort(1 + random.nextInt(99));
                out.writeShort(random.nextInt(10_000));
                out.writeShort(random.nextInt(100) * 100);
            }
            case "jsonb" ->
                text(
                        "\u0001{\"id\": " + key + ", \"kind\": \"k" + random.nextInt(20) + "\", \"note\": \""
                                + hex(random, 16) + "\"}",
                        out);
            default -> text(hex(random, 20), out);
        }
    }

    private static String hex(Random random, int digits) {
        StringBuilder text = new StringBuilder(digits);
        for (int i = 0; i < digits; i++) {
            text.append(HEX.charAt(random.nextInt(16)));
        }
        return text.toString();
    }

    private static void text(String text, DataOutputStream out) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }
}
