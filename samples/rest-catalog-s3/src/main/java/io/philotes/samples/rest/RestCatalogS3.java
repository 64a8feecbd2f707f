// SPDX-License-Identifier: Apache-2.0
package io.philotes.samples.rest;

import io.philotes.Philotes;
import io.philotes.pipeline.Pipeline;
import io.philotes.sink.iceberg.IcebergSink;
import io.philotes.source.postgres.PostgresSource;
import io.philotes.source.postgres.SslMode;
import java.time.Duration;
import java.util.Map;
import org.apache.iceberg.aws.s3.S3FileIO;
import org.apache.iceberg.rest.RESTCatalog;

/**
 * Follows two tables up to now into a lake that others share, and ends: {@code RestCatalogS3 <url> <user> <password> <catalog's
 * address> <storage's address> <access key> <secret key>}.
 */
public final class RestCatalogS3 {

    private RestCatalogS3() {}

    /** Catches up, and prints what any reader of the lake sees. */
    public static void main(String[] args) throws Exception {
        var source = PostgresSource.builder(args[0])
                .credentials(args[1], args[2])
                .sslMode(SslMode.PREFER)
                .tables("public.orders", "public.customers")
                .build();
        try (var catalog = new RESTCatalog()) {
            catalog.initialize("lake", properties(args[3], args[4], args[5], args[6]));
            var lake = IcebergSink.builder(catalog).namespace("shop").build();
            try (Pipeline pipeline = Philotes.source(source).sink(lake).start()) {
                pipeline.runUntilCaughtUp(Duration.ofMinutes(10)); // awaitStopped() would follow them for ever
            }
            PrintedTable.print(catalog, "customers");
            PrintedTable.print(catalog, "orders");
        }
    }

    /** A catalog that hands out keys of its own would not need the last two. */
    private static Map<String, String> properties(String catalog, String storage, String accessKey, String secretKey) {
        return Map.of(
                "uri",
                catalog,
                "io-impl",
                S3FileIO.class.getName(),
                "s3.endpoint",
                storage,
                "s3.path-style-access",
                "true", // buckets in the path: the storage has no names for them
                "client.region",
                "us-east-1",
                "s3.access-key-id",
                accessKey,
                "s3.secret-access-key",
                secretKey,
                "rest-metrics-reporting-enabled",
                "false", // it outlives the catalog and logs at the end
                "rest.client.socket-timeout-ms",
                "60000");
    }
}
