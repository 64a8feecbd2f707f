// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.demo;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a report would ask of the lake: revenue by country, from lake rows only. Immutable.
 *
 * @param country the customer's country
 * @param orders orders that have items
 * @param amount what they come to
 */
record Revenue(String country, int orders, BigDecimal amount) {

    private Revenue plus(BigDecimal more) {
        return new Revenue(country, orders + 1, amount.add(more));
    }

    /** The countries, best first. */
    static List<Revenue> byCountry(Lake lake) {
        Map<Long, String> countries = new HashMap<>();
        lake.forEach("customers", row -> countries.put((Long) row.getField("id"), (String) row.getField("country")));
        Map<Long, Long> customers = new HashMap<>();
        lake.forEach("orders", row -> customers.put((Long) row.getField("id"), (Long) row.getField("customer_id")));
        Map<Long, BigDecimal> amounts = new HashMap<>();
        lake.forEach("order_items", row -> {
            BigDecimal quantity = new BigDecimal(row.getField("quantity").toString());
            BigDecimal amount = ((BigDecimal) row.getField("price")).multiply(quantity);
            amounts.merge((Long) row.getField("order_id"), amount, BigDecimal::add);
        });
        Map<String, Revenue> byCountry = new HashMap<>();
        amounts.forEach((order, amount) -> {
            String country = countries.getOrDefault(customers.get(order), "unknown");
            byCountry.merge(country, new Revenue(country, 1, amount), (sum, one) -> sum.plus(one.amount()));
        });
        return byCountry.values().stream()
                .sorted(Comparator.comparing(Revenue::amount).reversed())
                .toList();
    }
}
