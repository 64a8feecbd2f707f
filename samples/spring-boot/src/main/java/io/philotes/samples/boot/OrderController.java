// SPDX-License-Identifier: Apache-2.0
package io.philotes.samples.boot;

import java.math.BigDecimal;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Takes orders into PostgreSQL. */
@RestController
class OrderController {

    /** What a customer sends. */
    record Order(String customer, BigDecimal amount) {}

    private final JdbcClient database;

    OrderController(JdbcClient database) {
        this.database = database;
    }

    @PostMapping("/orders")
    @ResponseStatus(HttpStatus.CREATED)
    Order take(@RequestBody Order order) {
        database.sql("INSERT INTO orders (customer, amount) VALUES (?, ?)")
                .params(order.customer(), order.amount())
                .update();
        return order;
    }
}
