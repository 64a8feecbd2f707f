// SPDX-License-Identifier: Apache-2.0
package org.example.consumer;

import io.philotes.Philotes;
import io.philotes.pipeline.Pipeline;
import io.philotes.sink.iceberg.IcebergSink;
import io.philotes.source.postgres.PostgresSource;
import io.philotes.source.postgres.SslMode;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.inmemory.InMemoryCatalog;
import org.apache.iceberg.io.CloseableIterable;

/** Prints what is on its class path, mirrors a table and reads it: {@code Consumer <url> <user> <password>}. */
public final class Consumer {

    private Consumer() {}

    /** See above; needs {@code public.orders}. */
    public static void main(String[] args) throws Exception {
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            System.out.println("class path: " + Path.of(entry).getFileName());
        }
        var pg = PostgresSource.builder(args[0])
                .credentials(args[1], args[2])
                .sslMode(SslMode.PREFER)
                .tables("public.orders")
                .build();
        try (InMemoryCatalog catalog = new InMemoryCatalog()) {
            catalog.initialize("lake", Map.of());
            var lake = IcebergSink.builder(catalog).namespace("shop").build();
            try (Pipeline pipeline = Philotes.source(pg).sink(lake).start()) {
                pipeline.runUntilCaughtUp(Duration.ofMinutes(1));
            }
            Table orders = catalog.loadTable(TableIdentifier.of("shop", "orders"));
            try (CloseableIterable<Record> rows = IcebergGenerics.read(orders).build()) {
                rows.forEach(row -> System.out.println("row: " + row.get(0) + " " + row.get(1)));
            }
        }
    }
}
