// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.demo;

import java.sql.SQLException;
import java.util.List;

/** Everything that happens in the shop: each step is one transaction, and most of them are awkward on purpose. */
final class ShopSteps {

    static final List<ShopStep> ALL = List.of(
            ShopSteps::order,
            ShopSteps::order,
            ShopSteps::pay,
            ShopSteps::sell,
            ShopSteps::sell,
            ShopSteps::rewriteDescription,
            ShopSteps::rekeyProduct,
            ShopSteps::flipLine,
            ShopSteps::deleteOrder,
            ShopSteps::changeCustomer,
            ShopSteps::moveCustomer,
            ShopSteps::replaceCustomer,
            ShopSteps::fillCart,
            ShopSteps::visit,
            ShopSteps::forgetVisit,
            ShopSteps::regret,
            ShopSteps::raisePrices,
            ShopSteps::giveUp);

    private ShopSteps() {}

    /** Several changes of one key in one transaction. */
    private static void order(ShopSql sql) throws SQLException {
        String customer = sql.anyKey("customers", "id");
        String order = sql.value("INSERT INTO orders (customer_id, status, ordered_at, total) VALUES (" + customer
                + ", 'new', clock_timestamp(), 0) RETURNING id");
        sql.run(
                "INSERT INTO order_items SELECT " + order + ", line, " + sql.anyProduct() + ", 1 + line % 3,"
                        + " round((random() * 100)::numeric, 2) FROM generate_series(1, 1 + floor(random() * 4)::int) line",
                "UPDATE orders SET total = (SELECT sum(quantity * price) FROM order_items WHERE order_id = " + order
                        + ") WHERE id = " + order,
                "UPDATE orders SET note = 'gift for ' || customer_id WHERE id = " + order + " AND random() < 0.3");
    }

    private static void pay(ShopSql sql) throws SQLException {
        String order = sql.anyKey("orders", "id");
        sql.run(
                "UPDATE orders SET status = 'paid', note = NULL WHERE id = " + order,
                "UPDATE orders SET status = 'sent', delivered = localtimestamp WHERE id = " + order);
    }

    /** Leaves the large value alone: the stream says "unchanged" instead of it. */
    private static void sell(ShopSql sql) throws SQLException {
        String product = sql.anyProduct();
        sql.run(
                "UPDATE products SET stock = stock - 1 WHERE sku = " + product,
                "UPDATE products SET stock = stock - 2, weight = weight * 1.0000000001 WHERE sku = " + product);
    }

    private static void rewriteDescription(ShopSql sql) throws SQLException {
        sql.run("UPDATE products SET description = " + Shop.LARGE_TEXT + " WHERE sku = " + sql.anyProduct());
    }

    /** A new key, and the large value unchanged. */
    private static void rekeyProduct(ShopSql sql) throws SQLException {
        sql.run("UPDATE products SET sku = gen_random_uuid() WHERE sku = " + sql.anyProduct());
    }

    private static void flipLine(ShopSql sql) throws SQLException {
        String order = sql.anyKey("order_items", "order_id");
        sql.run("UPDATE order_items SET line = -line WHERE order_id = " + order);
    }

    private static void deleteOrder(ShopSql sql) throws SQLException {
        String order = sql.anyKey("orders", "id");
        sql.run("DELETE FROM order_items WHERE order_id = " + order, "DELETE FROM orders WHERE id = " + order);
    }

    private static void changeCustomer(ShopSql sql) throws SQLException {
        sql.run(
                "UPDATE customers SET credit = credit - 0.01, score = random(), tags = ARRAY[md5(random()::text), NULL],"
                        + " profile = profile || jsonb_build_object('seen', clock_timestamp()), vip = NOT vip WHERE id = "
                        + sql.anyKey("customers", "id"));
    }

    /** A key changes, and with it what refers to it. */
    private static void moveCustomer(ShopSql sql) throws SQLException {
        String old = sql.anyKey("customers", "id");
        String moved =
                sql.value("UPDATE customers SET id = nextval('customers_id_seq') WHERE id = " + old + " RETURNING id");
        sql.run("UPDATE orders SET customer_id = " + moved + " WHERE customer_id = " + old);
    }

    /** The same key goes and comes back in one transaction. */
    private static void replaceCustomer(ShopSql sql) throws SQLException {
        String id = sql.anyKey("customers", "id");
        sql.run(
                "DELETE FROM customers WHERE id = " + id,
                "INSERT INTO customers (id, email, country, created_at) VALUES (" + id
                        + ", 'again@example.org', 'BE', clock_timestamp())");
    }

    private static void fillCart(ShopSql sql) throws SQLException {
        sql.run("INSERT INTO carts SELECT floor(random() * 100), md5(random()::text)"
                + " ON CONFLICT (id) DO UPDATE SET content = excluded.content");
    }

    /** Rows without a key, some of them twice. */
    private static void visit(ShopSql sql) throws SQLException {
        sql.run("INSERT INTO events SELECT date_trunc('second', clock_timestamp()), 'visit', '{\"page\": 2}'"
                + " FROM generate_series(1, 1 + floor(random() * 3)::int)");
    }

    /** Of rows that are alike exactly one goes, and one changes. */
    private static void forgetVisit(ShopSql sql) throws SQLException {
        sql.run(
                "DELETE FROM events WHERE ctid = (SELECT ctid FROM events LIMIT 1)",
                "UPDATE events SET kind = 'seen' WHERE ctid = (SELECT ctid FROM events OFFSET 5 LIMIT 1)");
    }

    private static void regret(ShopSql sql) throws SQLException {
        order(sql);
        sql.run("SAVEPOINT regret");
        deleteOrder(sql);
        rekeyProduct(sql);
        sql.run("ROLLBACK TO SAVEPOINT regret");
        pay(sql);
    }

    private static void raisePrices(ShopSql sql) throws SQLException {
        sql.run("UPDATE products SET price = round(price * 1.01, 2) WHERE stock % 20 = floor(random() * 20)::int");
    }

    private static void giveUp(ShopSql sql) throws SQLException {
        order(sql);
        sql.rollback();
    }
}
