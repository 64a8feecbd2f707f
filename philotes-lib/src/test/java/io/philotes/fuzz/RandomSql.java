// SPDX-License-Identifier: Apache-2.0
package io.philotes.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Random statements over a handful of tables: changes of rows, and everything that {@code ALTER} and its relatives can do to
 * a table. Names come from a small pool, so that they are used again soon. A statement may well be refused by the server.
 */
final class RandomSql {

    private static final int IDS = 100;

    private final Random random;
    private final RandomValues values;
    private final RandomAlter alter;
    private int firstId;
    private int ids = IDS;

    RandomSql(Random random) {
        this.random = random;
        this.values = new RandomValues(random);
        this.alter = new RandomAlter(random, values);
    }

    /** What every run begins with. */
    static List<String> schema() {
        return List.of(
                "CREATE TYPE mood AS ENUM ('sad', 'ok', 'glad')",
                "CREATE TYPE pair AS (x int, y text)",
                "CREATE DOMAIN small AS int DEFAULT 5",
                "CREATE DOMAIN checked AS text DEFAULT 'dom' CHECK (VALUE <> '')",
                "CREATE TABLE t_keyed (id int PRIMARY KEY, a int, b text, c numeric(8,2))",
                "CREATE TABLE t_whole (id int, a int, b text)",
                "ALTER TABLE t_whole REPLICA IDENTITY FULL",
                "CREATE TABLE t_late (id int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED, a int, b text)",
                "ALTER TABLE t_late REPLICA IDENTITY FULL",
                "CREATE TABLE t_types (id int PRIMARY KEY, a mood, b pair, c int[], d small)",
                "CREATE TABLE t_up (id int PRIMARY KEY, a int, b text)",
                "CREATE TABLE t_down (id int PRIMARY KEY, up int REFERENCES t_up ON DELETE CASCADE ON UPDATE CASCADE, b text)",
                "CREATE TABLE t_parts (id int PRIMARY KEY, a int, b text) PARTITION BY RANGE (id)",
                "CREATE TABLE p_low PARTITION OF t_parts FOR VALUES FROM (0) TO (50)",
                "CREATE TABLE p_high PARTITION OF t_parts FOR VALUES FROM (50) TO (100)");
    }

    /** From now on, until there is room again, the same few rows are met again and again. */
    void narrow() {
        firstId = random.nextInt(IDS - 3);
        ids = 3;
    }

    void widen() {
        firstId = 0;
        ids = IDS;
    }

    String statement(List<FuzzedTable> tables) {
        if (tables.isEmpty()) {
            return alter.create();
        }
        FuzzedTable table = tables.get(random.nextInt(tables.size()));
        return random.nextInt(10) < 6 ? rows(table, tables) : alter.definition(table);
    }

    private int id() {
        return firstId + random.nextInt(ids);
    }

    private String rows(FuzzedTable table, List<FuzzedTable> tables) {
        String one = table.key() + " = " + id();
        return switch (random.nextInt(27)) {
            case 0, 1, 2, 3, 4, 5, 6 -> insert(table, "VALUES " + row(table, id()));
            case 7 -> insert(table, "VALUES " + row(table, id()) + ", " + row(table, id()));
            case 8, 9, 10, 11 -> update(table, one);
            case 12 -> update(table, table.key() + " % 7 = " + random.nextInt(7));
            case 13, 14, 15 -> "DELETE FROM " + table.name() + " WHERE " + one;
            case 16, 17 -> "UPDATE " + table.name() + " SET " + table.key() + " = " + id() + " WHERE " + one;
            case 18 -> "DELETE FROM " + table.name() + " WHERE " + table.key() + " % 5 = " + random.nextInt(5);
            case 19 -> "TRUNCATE " + table.name() + (random.nextBoolean() ? " CASCADE" : "");
            case 20 ->
                "TRUNCATE " + table.name() + ", "
                        + tables.get(random.nextInt(tables.size())).name() + " CASCADE";
            case 21 -> many(table);
            case 22 -> swap(table);
            case 23 ->
                "UPDATE " + table.name() + " SET " + table.key() + " = " + table.key() + " + 1 WHERE " + table.key()
                        + " BETWEEN " + id() + " AND " + id();
            case 24 -> replace(table, one);
            default -> upsert(table);
        };
    }

    private String insert(FuzzedTable table, String what) {
        return "INSERT INTO " + table.name() + " (" + names(table) + ") " + what;
    }

    private static String names(FuzzedTable table) {
        return String.join(", ", table.columns().keySet());
    }

    private String row(FuzzedTable table, Object id) {
        return "(" + list(table, id) + ")";
    }

    private String list(FuzzedTable table, Object id) {
        List<String> all = new ArrayList<>();
        for (Map.Entry<String, String> column : table.columns().entrySet()) {
            all.add(column.getKey().equals(table.key()) ? id.toString() : value(table, column.getKey()));
        }
        return String.join(", ", all);
    }

    private String value(FuzzedTable table, String column) {
        return column.equals("up")
                ? "(SELECT min(id) FROM t_up WHERE id >= " + id() + ")"
                : values.literal(table.columns().get(column));
    }

    private String many(FuzzedTable table) {
        int first = id();
        return insert(
                table,
                "SELECT " + list(table, "g") + " FROM generate_series(" + first + ", " + (first + random.nextInt(40))
                        + ") g ON CONFLICT DO NOTHING");
    }

    private String upsert(FuzzedTable table) {
        String column = table.free().isEmpty() ? table.key() : pick(table.free());
        return insert(
                table,
                "VALUES " + row(table, id()) + " ON CONFLICT (" + table.key() + ") DO UPDATE SET " + column + " = "
                        + value(table, column));
    }

    private String swap(FuzzedTable table) {
        int one = id();
        int other = id();
        return "UPDATE " + table.name() + " SET " + table.key() + " = " + (one + other) + " - " + table.key()
                + " WHERE " + table.key() + " IN (" + one + ", " + other + ")";
    }

    /** Deleted and inserted by one statement. */
    private String replace(FuzzedTable table, String one) {
        return "WITH gone AS (DELETE FROM " + table.name() + " WHERE " + one + " RETURNING *) "
                + insert(table, "SELECT " + list(table, id()) + " FROM gone");
    }

    private String update(FuzzedTable table, String where) {
        if (table.free().isEmpty()) {
            return "UPDATE " + table.name() + " SET " + table.key() + " = " + table.key() + " WHERE " + where;
        }
        String column = pick(table.free());
        return "UPDATE " + table.name() + " SET " + column + " = " + value(table, column) + " WHERE " + where;
    }

    private String pick(List<String> all) {
        return all.get(random.nextInt(all.size()));
    }
}
