// SPDX-License-Identifier: Apache-2.0
package io.philotes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.philotes.buffer.ChangeBuffer;
import io.philotes.buffer.disk.DiskBuffer;
import io.philotes.buffer.postgres.PostgresBuffer;
import io.philotes.checkpoint.postgres.PostgresCheckpointStore;
import io.philotes.dlq.postgres.PostgresDeadLetterQueue;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.health.CheckReport;
import io.philotes.metrics.micrometer.MicrometerMetrics;
import io.philotes.model.ChangeEvent;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.PipelineListener;
import io.philotes.pipeline.PipelineStatus;
import io.philotes.pipeline.SinkStatus;
import io.philotes.sink.Sinks;
import io.philotes.sink.iceberg.IcebergSink;
import io.philotes.sink.iceberg.local.LocalCatalog;
import io.philotes.source.postgres.PostgresSource;
import io.philotes.testkit.TestDataSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
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
    void everything_pluggable_and_everything_named_once() throws Exception {
        try (JdbcCatalog catalog = LocalCatalog.open(directory)) {
            var pg = source();
            var lake = IcebergSink.builder(catalog).namespace("shop").build();
            var registry = new SimpleMeterRegistry();
            DataSource dataSource = TestDataSource.of(NOBODY, "philotes", "secret");
            List<ChangeEvent> seen = new ArrayList<>();
            refused(ErrorCode.STATE_UNREACHABLE, () -> {
                Pipeline pipeline = Philotes.source(pg)
                        .name("shop")
                        .buffer(PostgresBuffer.of(dataSource))
                        .checkpoints(PostgresCheckpointStore.of(dataSource))
                        .deadLetters(PostgresDeadLetterQueue.of(dataSource))
                        .sink("lake", lake)
                        .sink("audit", Sinks.forEach(change -> seen.add(change)))
                        .metrics(MicrometerMetrics.of(registry))
                        .listener(new PipelineListener() {})
                        .start();
                operate(pipeline);
            });
            assertThat(registry.get("philotes.transactions.received")
                            .tag("pipeline", "shop")
                            .counter()
                            .count())
                    .isZero();
        }
    }

    private static void operate(Pipeline pipeline) throws InterruptedException {
        PipelineStatus s = pipeline.status();
        for (SinkStatus sink : s.sinks()) {
            sink.tables().forEach(table -> assertThat(table.reason()).isNotNull());
        }
        pipeline.pause();
        pipeline.resume();
        pipeline.runUntilCaughtUp(Duration.ofMinutes(10));
        pipeline.stop(Duration.ofSeconds(25));
    }

    @Test
    void a_plan_cannot_be_made_without_the_source() throws Exception {
        try (JdbcCatalog catalog = LocalCatalog.open(directory)) {
            var lake = IcebergSink.builder(catalog).namespace("shop").build();
            unreachable(() -> Philotes.source(source()).sink(lake).plan());
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
        refused(ErrorCode.SOURCE_UNREACHABLE, start);
    }

    private static void refused(ErrorCode code, ThrowingCallable start) {
        assertThatThrownBy(start)
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
