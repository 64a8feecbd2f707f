// SPDX-License-Identifier: Apache-2.0
package io.philotes.fuzz;

import java.util.List;
import java.util.Random;

/** Random types, and values of them as SQL. */
final class RandomValues {

    private static final List<String> TYPES = List.of(
            "integer",
            "bigint",
            "text",
            "text",
            "numeric(8,2)",
            "timestamp without time zone",
            "date",
            "varchar(9)",
            "mood",
            "pair",
            "integer[]",
            "small",
            "checked");

    private final Random random;

    RandomValues(Random random) {
        this.random = random;
    }

    String type() {
        return TYPES.get(random.nextInt(TYPES.size()));
    }

    /** A value of a type that is named as the catalog names it. */
    String literal(String type) {
        if (random.nextInt(6) == 0) {
            return "NULL";
        }
        return switch (type) {
            case "integer", "bigint", "small" -> Integer.toString(random.nextInt(1000));
            case "numeric" -> random.nextInt(1000) + "." + (10 + random.nextInt(90));
            case "timestamp without time zone" ->
                "'2026-01-01'::timestamp + interval '" + random.nextInt(900) + " min'";
            case "date" -> "'2026-01-01'::date + " + random.nextInt(900);
            case "mood" -> "(enum_range(NULL::mood))[" + (1 + random.nextInt(5)) + "]";
            case "pair" ->
                "jsonb_populate_record(NULL::pair, '{\"x\": " + random.nextInt(9) + ", \"y\": \"p" + random.nextInt(9)
                        + "\"}')";
            case "integer[]" -> "ARRAY[" + random.nextInt(9) + ", NULL, " + random.nextInt(9) + "]";
            case "text", "checked" -> random.nextInt(4) == 0 ? large() : "'v" + random.nextInt(1000) + "'";
            default -> "'v" + random.nextInt(1000) + "'";
        };
    }

    /** So large that it is stored apart, and left out of an update that does not touch it. */
    private String large() {
        return "(SELECT string_agg(md5(i || 'v" + random.nextInt(1000) + "'), '') FROM generate_series(1, 120) i)";
    }

    String constant(String type) {
        return switch (type) {
            case "integer", "bigint", "numeric(8,2)", "small" -> "42";
            case "timestamp without time zone" -> random.nextBoolean() ? "now()" : "'2026-02-03 04:05:06'";
            case "date" -> "'2026-02-03'";
            case "mood" -> "'ok'";
            case "pair" -> "'(1,one)'";
            case "integer[]" -> "'{1,2}'";
            default -> "'d, ''q'''";
        };
    }
}
