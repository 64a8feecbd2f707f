// SPDX-License-Identifier: Apache-2.0
package io.philotes.readers;

import java.util.List;

/** The source's tables and what happens to them: every type, and every kind of change that is hard to mirror. */
final class Shop {

    /** Tables whose targets hold the source's rows as they are now. */
    static final List<String> MIRRORED =
            List.of("orders", "lines", "notes", "tags", "shifting", "visits", "emptied", "places", "kinds");

    /** A table that gets columns with defaults; only format 3 shows them in older rows. */
    static final String GROWN = "grown";

    /** The table whose target holds every change. */
    static final String HISTORY = "events";

    /** A table with a column of type {@code time}. */
    static final String CLOCKS = "clocks";

    static final String[] SCHEMA = {
        "CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')",
        "CREATE TABLE orders (id bigint PRIMARY KEY, at timestamptz, local timestamp, amount numeric(12,2),"
                + " wide numeric(38,10), rate numeric, f4 real, f8 double precision, mood mood, doc jsonb, ok boolean,"
                + " code uuid, raw bytea, day date, small smallint, names text[], numbers int[], prices numeric(6,2)[],"
                + " flags boolean[], fixed char(5), money money, span interval,"
                + " net inet, owner uuid)",
        "CREATE TABLE lines (order_id int, line int, sku varchar(20), qty smallint, PRIMARY KEY (order_id, line))",
        "CREATE TABLE notes (id text PRIMARY KEY, body text, n int)",
        "ALTER TABLE notes ALTER body SET STORAGE EXTERNAL",
        "CREATE TABLE tags (tag text, weight int)",
        "ALTER TABLE tags REPLICA IDENTITY FULL",
        "CREATE TABLE shifting (id int PRIMARY KEY DEFERRABLE, name text)",
        "ALTER TABLE shifting REPLICA IDENTITY FULL",
        "CREATE TABLE visits (id int PRIMARY KEY, at timestamptz, page text)",
        "CREATE TABLE emptied (id int PRIMARY KEY, name text)",
        "CREATE TABLE places (code uuid PRIMARY KEY, name text, area numeric(9,3))",
        "CREATE TABLE kinds (LIKE orders INCLUDING INDEXES)",
        "CREATE TABLE events (id int PRIMARY KEY, body text, n int)",
        "ALTER TABLE events ALTER body SET STORAGE EXTERNAL",
        "CREATE TABLE clocks (id int PRIMARY KEY, clock time)",
        "CREATE TABLE grown (id int PRIMARY KEY, name text)",
    };

    static final String[] FIRST_ROWS = {
        "INSERT INTO orders SELECT i, '2026-01-01 00:00:00+00'::timestamptz + i * interval '1.000001 hour',"
                + " '1969-12-31 23:59:59.999999'::timestamp - i * interval '1 day', i * 1.25 - 20, i::numeric ^ 9 / 7,"
                + " i / 3.0, i / 7.0, i / 7.0, 'ok', jsonb_build_object('i', i, 'n', NULL), i % 2 = 0,"
                + " md5(i::text)::uuid, decode(md5(i::text), 'hex'), '1965-01-01'::date + i * 500, i - 25,"
                + " ARRAY['a b', 'c\"d', 'NULL', '', NULL, 'ğı'], ARRAY[i, NULL, -i], ARRAY[i / 4.0, NULL],"
                + " ARRAY[true, NULL, false], 'ab', i * 1.5::money, i * interval '25 hours', '10.0.0.1',"
                + " md5((6 + i % 2)::text)::uuid"
                + " FROM generate_series(1, 50) i",
        "INSERT INTO orders (id, at, local, f4, f8, wide, names, raw, doc) VALUES"
                + " (-9223372036854775808, '0001-01-01 00:00:00+00', '9999-12-31 23:59:59.999999', 'NaN', '-Infinity',"
                + " 9999999999999999999999999999.9999999999, '{}', '', '\"zéro\"'),"
                + " (9223372036854775807, '2500-02-28 12:00:00.5+14', '1582-10-15 00:00:00', '-0', 1e-300,"
                + " -9999999999999999999999999999.9999999999, NULL, NULL, 'null')",
        "INSERT INTO kinds SELECT * FROM orders",
        "INSERT INTO lines SELECT i / 3, i % 3, 'sku-' || i, i FROM generate_series(1, 60) i",
        "INSERT INTO notes SELECT 'note-' || i, repeat(md5(i::text), 100), i FROM generate_series(1, 20) i",
        "INSERT INTO tags SELECT 'tag-' || i % 5, i % 2 FROM generate_series(1, 30) i",
        "INSERT INTO shifting SELECT i, 'name ' || i FROM generate_series(1, 10) i",
        "INSERT INTO visits SELECT i, '2026-03-01 22:00:00+00'::timestamptz + i * interval '1 hour', 'page ' || i % 7"
                + " FROM generate_series(1, 60) i",
        "INSERT INTO emptied SELECT i, 'name' FROM generate_series(1, 10) i",
        "INSERT INTO places SELECT md5(i::text)::uuid, 'place ' || i, i / 3.0 FROM generate_series(1, 40) i",
        "INSERT INTO events SELECT i, repeat(md5(i::text), 100), i FROM generate_series(1, 10) i",
        "INSERT INTO grown SELECT i, 'name ' || i FROM generate_series(1, 20) i",
        "INSERT INTO clocks SELECT i, '08:00'::time + i * interval '1.000001 second' FROM generate_series(1, 5) i",
    };

    static final String[] CHANGES = {
        "UPDATE orders SET amount = amount + 1, mood = 'happy' WHERE id % 3 = 0",
        "BEGIN; INSERT INTO orders (id, amount) VALUES (100, 1); UPDATE orders SET amount = 2 WHERE id = 100;"
                + " DELETE FROM orders WHERE id = 100; INSERT INTO orders (id, amount) VALUES (100, 3); COMMIT",
        "UPDATE orders SET id = id + 1000 WHERE id IN (7, 8)",
        "BEGIN; DELETE FROM lines WHERE order_id = 1; SAVEPOINT s; DELETE FROM lines; ROLLBACK TO s;"
                + " INSERT INTO lines VALUES (1, 1, 'again', 9); COMMIT",
        "UPDATE notes SET n = n + 1 WHERE n % 2 = 0",
        "UPDATE notes SET id = id || '-moved', n = 0 WHERE n = 5",
        "BEGIN; UPDATE notes SET n = 77 WHERE id = 'note-3'; UPDATE notes SET n = 78 WHERE id = 'note-3'; COMMIT",
        "UPDATE notes SET body = repeat('new', 1000) WHERE id = 'note-9'",
        "DELETE FROM tags WHERE ctid IN (SELECT min(ctid) FROM tags GROUP BY tag)",
        "UPDATE tags SET weight = 9 WHERE ctid IN (SELECT max(ctid) FROM tags GROUP BY tag)",
        "UPDATE shifting SET id = id + 1",
        "BEGIN; INSERT INTO lines VALUES (900, 1, 'gone', 1); TRUNCATE lines; INSERT INTO lines VALUES (901, 1, 'kept', 1);"
                + " COMMIT",
        "INSERT INTO lines SELECT i, 0, 'bulk', 1 FROM generate_series(2000, 2500) i",
        "UPDATE visits SET at = at + interval '3 days' WHERE id % 4 = 0",
        "UPDATE visits SET id = id + 500, page = NULL WHERE id % 10 = 3",
        "DELETE FROM visits WHERE id % 9 = 0",
        "TRUNCATE emptied",
        "UPDATE places SET area = area + 0.001, code = md5(name)::uuid WHERE area > 10",
        "DELETE FROM places WHERE area < 1",
        "INSERT INTO events VALUES (11, 'eleven', 11), (12, 'twelve', 12)",
        "UPDATE events SET n = n + 100 WHERE id <= 3",
        "DELETE FROM events WHERE id IN (2, 12)",
        "UPDATE clocks SET clock = clock + interval '1 hour' WHERE id = 2",
    };

    static final String[] CHANGED_SCHEMA = {
        "ALTER TABLE orders ADD COLUMN note text",
        "UPDATE orders SET note = 'added' WHERE id BETWEEN 0 AND 10",
        "ALTER TABLE lines RENAME COLUMN sku TO article",
        "INSERT INTO lines VALUES (902, 1, 'renamed', 2)",
        "ALTER TABLE lines ALTER COLUMN qty TYPE int",
        "INSERT INTO lines VALUES (903, 1, 'widened', 2000000000)",
        "ALTER TABLE orders DROP COLUMN ok",
        "UPDATE orders SET amount = 0 WHERE id BETWEEN 0 AND 5",
        "UPDATE visits SET page = 'late' WHERE id % 5 = 0",
        "INSERT INTO tags VALUES ('tag-1', 9), (NULL, NULL), (NULL, NULL)",
        "DELETE FROM tags WHERE tag = 'tag-2'",
        "UPDATE events SET body = 'short' WHERE id = 1",
        "ALTER TABLE grown ADD n int NOT NULL DEFAULT 7, ADD big bigint DEFAULT -9223372036854775808,"
                + " ADD ok boolean DEFAULT true, ADD f4 real DEFAULT 0.1, ADD f8 double precision DEFAULT -1e-300,"
                + " ADD price numeric(8,2) DEFAULT 1.50, ADD rate numeric DEFAULT 1.500, ADD label text DEFAULT 'ğ \"x\"',"
                + " ADD none text DEFAULT '', ADD day date DEFAULT '1969-12-31', ADD raw bytea DEFAULT '\\x00ff',"
                + " ADD local timestamp DEFAULT '1969-12-31 23:59:59.999999',"
                + " ADD at timestamptz DEFAULT '2026-01-01 00:00:00+00',"
                + " ADD code uuid DEFAULT 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'",
        "UPDATE grown SET name = 'late' WHERE id % 5 = 0",
        "UPDATE grown SET n = 8, label = NULL WHERE id = 3",
        "INSERT INTO grown (id, n, label) VALUES (21, 9, DEFAULT), (22, 9, NULL)",
    };

    private Shop() {}
}
