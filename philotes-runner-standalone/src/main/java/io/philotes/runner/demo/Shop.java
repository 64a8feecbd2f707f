// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.demo;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The shop's tables and their first rows: keys of several kinds, large values, and types that are easy to get wrong. */
final class Shop {

    static final List<String> TABLES = List.of("customers", "products", "orders", "order_items", "carts", "events");

    private static final int CUSTOMERS = 2000;
    private static final int PRODUCTS = 300;
    private static final int ORDERS = 3000;

    /** Long enough to be stored apart, and stored as it is: random text does not compress. */
    static final String LARGE_TEXT = "(SELECT string_agg(md5(random()::text || i), '') FROM generate_series(1, 200) i)";

    private static final List<String> SCHEMA = List.of(
            "CREATE TYPE order_status AS ENUM ('new', 'paid', 'sent', 'returned')",
            """
            CREATE TABLE customers (id bigserial PRIMARY KEY, email text NOT NULL, country char(2) NOT NULL,
                credit numeric(12,2), score double precision, tags text[], profile jsonb, vip boolean,
                born date, created_at timestamptz NOT NULL)""",
            """
            CREATE TABLE products (sku uuid PRIMARY KEY, name varchar(80) NOT NULL, price numeric(12,2) NOT NULL,
                weight numeric, stock integer NOT NULL, description text, photo bytea, sizes integer[])""",
            "ALTER TABLE products ALTER COLUMN description SET STORAGE EXTERNAL",
            """
            CREATE TABLE orders (id bigserial PRIMARY KEY, customer_id bigint NOT NULL, status order_status NOT NULL,
                ordered_at timestamptz NOT NULL, delivered timestamp, total numeric(12,2) NOT NULL, note text)""",
            """
            CREATE TABLE order_items (order_id bigint, line integer, sku uuid NOT NULL, quantity smallint NOT NULL,
                price numeric(12,2) NOT NULL, PRIMARY KEY (order_id, line))""",
            "CREATE TABLE carts (id integer PRIMARY KEY, content text NOT NULL)",
            "CREATE TABLE events (happened_at timestamptz, kind text, payload jsonb)",
            "ALTER TABLE events REPLICA IDENTITY FULL");

    private static final List<String> ROWS = List.of(
            "INSERT INTO customers (email, country, credit, score, tags, profile, vip, born, created_at) SELECT 'c' || i"
                    + " || '@example.org', (ARRAY['NL','DE','FR','IT','PL'])[1 + i % 5], i * 1.25,"
                    + " CASE WHEN i % 7 > 0 THEN sqrt(i) END, ARRAY['t' || i % 3, NULL, 'a,\"b\"'],"
                    + " jsonb_build_object('n', i, 'x', 'ø'), i % 2 = 0, date '1970-01-01' + i,"
                    + " timestamptz '2026-01-01 00:00:00.000001+00' + i * interval '1 minute'"
                    + " FROM generate_series(1, " + CUSTOMERS + ") i",
            "INSERT INTO products SELECT gen_random_uuid(), 'product ' || i, 0.99 + i, 1 / i::numeric, 1000, "
                    + LARGE_TEXT + " || i, decode(md5(i::text), 'hex'), ARRAY[i, i + 1] FROM generate_series(1, "
                    + PRODUCTS + ") i",
            "INSERT INTO orders (customer_id, status, ordered_at, delivered, total) SELECT 1 + i % " + CUSTOMERS
                    + ", 'paid', timestamptz '2026-02-01 12:00+00' + i * interval '7 seconds',"
                    + " timestamp '2026-02-02 08:00' + i * interval '1 second', i FROM generate_series(1, " + ORDERS
                    + ") i",
            "INSERT INTO order_items SELECT o.id, line, (SELECT sku FROM products LIMIT 1), line, 9.99 * line"
                    + " FROM orders o, generate_series(1, 2) line",
            "INSERT INTO carts SELECT i, 'cart ' || i FROM generate_series(1, 50) i",
            "INSERT INTO events SELECT timestamptz '2026-01-01+00', 'visit', '{\"page\": 1}' FROM generate_series(1, 500)");

    private Shop() {}

    static void create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : SCHEMA) {
                statement.execute(sql);
            }
            for (String sql : ROWS) {
                statement.execute(sql);
            }
            statement.execute("ANALYZE");
        }
    }
}
