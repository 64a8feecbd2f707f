// SPDX-License-Identifier: Apache-2.0
package io.philotes.samples;

import io.philotes.Philotes;
import io.philotes.pipeline.Pipeline;
import io.philotes.sink.iceberg.IcebergSink;
import io.philotes.sink.iceberg.local.LocalCatalog;
import io.philotes.source.postgres.PostgresSource;
import io.philotes.source.postgres.SslMode;
import java.nio.file.Path;
import java.time.Duration;

/** Copies two tables into a local lake, follows them up to now, and ends: {@code PlainJava <url> <user> <password> <lake>}. */
public final class PlainJava {

    public static void main(String[] args) throws Exception {
        var pg = PostgresSource.builder(args[0]).credentials(args[1], args[2]).sslMode(SslMode.PREFER);
        try (var catalog = LocalCatalog.open(Path.of(args[3]))) {
            var lake = IcebergSink.builder(catalog).namespace("shop").build();
            var source = pg.tables("public.orders", "public.customers").build();
            try (Pipeline pipeline = Philotes.source(source).sink(lake).start()) {
                pipeline.runUntilCaughtUp(Duration.ofMinutes(10)); // awaitStopped() would follow them for ever
            }
            PrintedTable.print(catalog, "customers");
            PrintedTable.print(catalog, "orders");
        }
    }
}
