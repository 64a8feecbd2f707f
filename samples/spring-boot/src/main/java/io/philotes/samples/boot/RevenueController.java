// SPDX-License-Identifier: Apache-2.0
package io.philotes.samples.boot;

import io.philotes.sink.iceberg.local.LocalCatalog;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Asks the lake, not the database: a report of any size costs the shop nothing. */
@RestController
class RevenueController {

    private final Path lake;

    RevenueController(@Value("${philotes.pipelines.shop.destination.catalog.warehouse}") Path lake) {
        this.lake = lake;
    }

    @GetMapping("/revenue")
    Map<String, BigDecimal> revenue() throws IOException {
        Map<String, BigDecimal> revenue = new TreeMap<>();
        try (var catalog = LocalCatalog.open(lake);
                CloseableIterable<Record> orders = IcebergGenerics.read(
                                catalog.loadTable(TableIdentifier.of("shop", "orders")))
                        .build()) {
            orders.forEach(order -> revenue.merge(
                    (String) order.getField("customer"), (BigDecimal) order.getField("amount"), BigDecimal::add));
        }
        return revenue;
    }
}
