// SPDX-License-Identifier: Apache-2.0
package io.philotes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.buffer.ChangeBuffer;
import io.philotes.buffer.disk.DiskBuffer;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.health.CheckReport;
import io.philotes.pipeline.Pipeline;
import io.philotes.sink.iceberg.IcebergSink;
import io.philotes.sink.iceberg.local.LocalCatalog;
import io.philotes.source.postgres.PostgresSource;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sentences that the product is built around compile and read as they stand; here nobody answers them. */
class SentenceTest {

    private static final String NOBODY = "jdbc:postgresql://127.0.0.1:1/shop";

    @TempDir
    Path directory;

    @Test
    void the_sentence() throws Exception {
        try (JdbcCatalog catalog = LocalCatalog.open(directory)) {
            var pg = source();
            ChangeBuffer pgBuffer = DiskBuffer.at(directory.resolve("buffer"));
            var iceberg = IcebergSink.builder(catalog).namespace("shop").build();
            unreachable(() -> {
                Pipeline pipeline =
                        Philotes.source(pg).buffer(pgBuffer).sink(iceberg).start();
                pipeline.close();
            });
        }
    }

    @Test
    void the_smallest_program() throws Exception {
        try (JdbcCatalog opened = LocalCatalog.open(directory)) {
            Catalog catalog = opened;
            String secret = "secret";
            unreachable(() -> {
                var pg = PostgresSource.builder(NOBODY)
                        .credentials("philotes", secret)
                        .tables("public.orders", "public.customers")
                        .build();
                var lake = IcebergSink.builder(catalog).namespace("shop").build();
                try (Pipeline pipeline = Philotes.source(pg).sink(lake).start()) {
                    pipeline.awaitStopped();
                }
            });
        }
    }

    @Test
    void a_check_reports_and_does_not_throw() throws Exception {
        try (JdbcCatalog catalog = LocalCatalog.open(directory)) {
            var lake = IcebergSink.builder(catalog).namespace("shop").build();
            CheckReport report = Philotes.source(source()).sink(lake).check();
            assertThat(report.passed()).isFalse();
            assertThat(report.firstError().orElseThrow().code()).contains(ErrorCode.SOURCE_UNREACHABLE);
        }
    }

    private static PostgresSource source() {
        return PostgresSource.builder(NOBODY)
                .credentials("philotes", "secret")
                .tables("public.orders")
                .connectTimeout(Duration.ofSeconds(5))
                .build();
    }

    private static void unreachable(ThrowingCallable start) {
        assertThatThrownBy(start)
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_UNREACHABLE));
    }
}
