// SPDX-License-Identifier: Apache-2.0
package io.philotes.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Random statements over a handful of tables: changes of rows, and everything that {@code ALTER} and its relatives can do to
 * a table. Names come from a small pool, so that they are used again soon. A statement may well be refused by the server.
 */
final class RandomSql {

    private static final List<String> NAMES = List.of("a", "b", "c", "d", "e");
    private static final List<String> TYPES = List.of(
            "integer", "bigint", "text", "numeric(8,2)", "timestamp without time zone", "mood", "pair", "integer[]");

    private final Random random;
    private int created;

    RandomSql(Random random) {
        this.random = random;
    }

    /** What every run begins with. */
    static List<String> schema() {
        return List.of(
                "CREATE TYPE mood AS ENUM ('sad', 'ok', 'glad')",
                "CREATE TYPE pair AS (x int, y text)",
                "CREATE TABLE t_keyed (id int PRIMARY KEY, a int, b text, c numeric(8,2))",
                "CREATE TABLE t_whole (id int, a int, b text)",
                "ALTER TABLE t_whole REPLICA IDENTITY FULL",
                "CREATE TABLE t_types (id int PRIMARY KEY, a mood, b pair, c int[])",
                "CREATE TABLE t_parts (id int PRIMARY KEY, a int, b text) PARTITION BY RANGE (id)",
                "CREATE TABLE p_low PARTITION OF t_parts FOR VALUES FROM (0) TO (50)",
                "CREATE TABLE p_high PARTITION OF t_parts FOR VALUES FROM (50) TO (100)");
    }

    /** One transaction: mostly a single statement, sometimes several with savepoints, sometimes rolled back. */
    List<String> transaction(List<FuzzedTable> tables) {
        if (random.nextInt(4) != 0) {
            return List.of(statement(tables));
        }
        List<String> all = new ArrayList<>(List.of("BEGIN"));
        int count = 2 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            boolean savepoint = random.nextInt(5) == 0;
            if (savepoint) {
                all.add("SAVEPOINT s");
            }
            all.add(statement(tables));
            if (savepoint) {
                all.add(random.nextBoolean() ? "ROLLBACK TO s" : "RELEASE s");
            }
        }
        all.add(random.nextInt(6) == 0 ? "ROLLBACK" : "COMMIT");
        return all;
    }

    private String statement(List<FuzzedTable> tables) {
        if (tables.isEmpty()) {
            return create();
        }
        FuzzedTable table = pick(tables);
        return random.nextInt(10) < 6 ? rows(table) : definition(table);
    }

    private String rows(FuzzedTable table) {
        int id = random.nextInt(100);
        return switch (random.nextInt(20)) {
            case 0, 1, 2, 3, 4, 5, 6, 7 -> insert(table);
            case 8, 9, 10, 11 -> update(table, "id = " + id);
            case 12 -> update(table, "id % 7 = " + random.nextInt(7));
            case 13, 14, 15 -> "DELETE FROM " + table.name() + " WHERE id = " + id;
            case 16 -> "UPDATE " + table.name() + " SET id = " + random.nextInt(100) + " WHERE id = " + id;
            case 17 -> "DELETE FROM " + table.name() + " WHERE id % 5 = " + random.nextInt(5);
            case 18 -> "TRUNCATE " + table.name();
            default -> insert(table) + ", " + values(table, random.nextInt(100));
        };
    }

    private String insert(FuzzedTable table) {
        return "INSERT INTO " + table.name() + " ("
                + String.join(", ", table.columns().keySet()) + ") VALUES " + values(table, random.nextInt(100));
    }

    private String values(FuzzedTable table, int id) {
        List<String> values = new ArrayList<>();
        table.columns().forEach((name, type) -> values.add(name.equals("id") ? Integer.toString(id) : literal(type)));
        return "(" + String.join(", ", values) + ")";
    }

    private String update(FuzzedTable table, String where) {
        if (table.free().isEmpty()) {
            return "UPDATE " + table.name() + " SET id = id WHERE " + where;
        }
        String column = pick(table.free());
        return "UPDATE " + table.name() + " SET " + column + " = "
                + literal(table.columns().get(column)) + " WHERE " + where;
    }

    private String literal(String type) {
        if (random.nextInt(6) == 0) {
            return "NULL";
        }
        return switch (type) {
            case "integer", "bigint" -> Integer.toString(random.nextInt(1000));
            case "numeric" -> random.nextInt(1000) + "." + (10 + random.nextInt(90));
            case "timestamp without time zone" ->
                "'2026-01-01'::timestamp + interval '" + random.nextInt(900) + " min'";
            case "mood" -> "(enum_range(NULL::mood))[" + (1 + random.nextInt(3)) + "]";
            case "pair" -> "(" + random.nextInt(9) + ", 'p" + random.nextInt(9) + "')::pair";
            case "integer[]" -> "ARRAY[" + random.nextInt(9) + ", NULL, " + random.nextInt(9) + "]";
            default -> "'v" + random.nextInt(1000) + "'";
        };
    }

    private String definition(FuzzedTable table) {
        List<Supplier<String>> all = List.of(
                () -> add(table, ""),
                () -> add(table, ""),
                () -> add(table, " DEFAULT "),
                () -> add(table, " NOT NULL DEFAULT "),
                () -> alter(table, "ADD COLUMN " + pick(NAMES) + " int DEFAULT (random() * 100)::int"),
                () -> onColumn(table, c -> "DROP COLUMN " + c),
                () -> onColumn(table, c -> "DROP COLUMN " + c),
                () -> onColumn(
                        table,
                        c -> "DROP COLUMN " + c + ", ADD COLUMN " + c + " "
                                + table.columns().get(c)),
                () -> onColumn(table, c -> "DROP COLUMN " + c + ", ADD COLUMN " + pick(NAMES) + " " + pick(TYPES)),
                () -> onColumn(table, c -> "RENAME COLUMN " + c + " TO " + pick(NAMES)),
                () -> onColumn(table, c -> "RENAME COLUMN " + c + " TO " + pick(NAMES)),
                () -> onColumn(table, c -> "ALTER COLUMN " + c + " TYPE bigint USING NULL"),
                () -> onColumn(table, c -> "ALTER COLUMN " + c + " TYPE text"),
                () -> onColumn(table, c -> "ALTER COLUMN " + c + " TYPE int USING 7"),
                () -> onColumn(table, c -> "ALTER COLUMN " + c + " SET NOT NULL"),
                () -> onColumn(table, c -> "ALTER COLUMN " + c + " DROP NOT NULL"),
                () -> onColumn(table, c -> "ALTER COLUMN " + c + " DROP DEFAULT"),
                () -> onColumn(table, c -> "ALTER COLUMN " + c + " SET STATISTICS 50"),
                () -> alter(table, "REPLICA IDENTITY " + (random.nextBoolean() ? "FULL" : "DEFAULT")),
                () -> partitions(table),
                () -> partitions(table),
                () -> types(),
                () -> wholeTable(table));
        return pick(all).get();
    }

    private String add(FuzzedTable table, String defaulted) {
        String type = pick(TYPES);
        return alter(
                table,
                "ADD COLUMN " + pick(NAMES) + " " + type + (defaulted.isEmpty() ? "" : defaulted + constant(type)));
    }

    private String constant(String type) {
        return switch (type) {
            case "integer", "bigint", "numeric(8,2)" -> "42";
            case "timestamp without time zone" -> "'2026-02-03 04:05:06'";
            case "mood" -> "'ok'";
            case "pair" -> "'(1,one)'";
            case "integer[]" -> "'{1,2}'";
            default -> "'d, ''q'''";
        };
    }

    private static String alter(FuzzedTable table, String what) {
        return "ALTER TABLE " + table.name() + " " + what;
    }

    private String onColumn(FuzzedTable table, UnaryOperator<String> what) {
        return table.free().isEmpty() ? add(table, "") : alter(table, what.apply(pick(table.free())));
    }

    private String partitions(FuzzedTable table) {
        if (!table.partitioned()) {
            return "VACUUM FULL " + table.name();
        }
        String any = table.partitions().isEmpty() ? "p_low" : pick(table.partitions());
        return switch (random.nextInt(6)) {
            case 0 -> "TRUNCATE " + any;
            case 1 -> "ALTER TABLE t_parts DETACH PARTITION " + any;
            case 2 -> "DROP TABLE " + any;
            case 3 -> "ALTER TABLE t_parts ATTACH PARTITION p_low FOR VALUES FROM (0) TO (50)";
            case 4 -> "ALTER TABLE t_parts ATTACH PARTITION p_high FOR VALUES FROM (50) TO (100)";
            default ->
                random.nextBoolean()
                        ? "CREATE TABLE p_low PARTITION OF t_parts FOR VALUES FROM (0) TO (50)"
                        : "CREATE TABLE p_high PARTITION OF t_parts FOR VALUES FROM (50) TO (100)";
        };
    }

    private String types() {
        return switch (random.nextInt(4)) {
            case 0 -> "ALTER TYPE mood ADD VALUE 'm" + ++created + "'";
            case 1 -> "ALTER TYPE mood RENAME VALUE 'ok' TO 'fine'";
            case 2 -> "ALTER TYPE mood RENAME VALUE 'fine' TO 'ok'";
            default -> "ALTER TYPE pair ADD ATTRIBUTE z" + ++created + " int CASCADE";
        };
    }

    private String wholeTable(FuzzedTable table) {
        return switch (random.nextInt(8)) {
            case 0 -> create();
            case 1 -> alter(table, "RENAME TO t_" + pick(NAMES));
            case 2 -> "DROP TABLE " + table.name();
            case 3 -> "VACUUM FULL " + table.name();
            case 4 -> alter(table, "ADD COLUMN k int, DROP CONSTRAINT " + table.name() + "_pkey, ADD PRIMARY KEY (id)");
            case 5 -> alter(table, "SET UNLOGGED");
            case 6 -> "ANALYZE " + table.name();
            default -> "CREATE INDEX ON " + table.name() + " (id)";
        };
    }

    private String create() {
        return "CREATE TABLE t_" + pick(NAMES) + " (id int PRIMARY KEY, " + pick(NAMES) + " int, " + pick(NAMES)
                + " text)";
    }

    private <T> T pick(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}
