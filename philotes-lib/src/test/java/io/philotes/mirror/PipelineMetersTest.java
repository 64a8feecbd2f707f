// SPDX-License-Identifier: Apache-2.0
package io.philotes.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.error.ErrorCode;
import io.philotes.pipeline.Pipeline;
import io.philotes.testkit.FlakySink;
import io.philotes.testkit.Meters;
import io.philotes.testkit.TestPostgres;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a pipeline tells of itself while it works, at a real server. */
class PipelineMetersTest {

    private static TestPostgres server;

    @TempDir
    Path directory;

    private final Meters meters = new Meters();

    @BeforeAll
    static void startServer() {
        server = TestPostgres.start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    private double received(String op) {
        return meters.value("philotes.changes.received", "table", "public.items", "op", op);
    }

    @Test
    void what_was_done_at_the_source_is_what_is_counted() throws Exception {
        try (SinksLab lab = new SinksLab(server, directory)) {
            lab.write(1, 100);
            lab.sql("ANALYZE items");
            try (Pipeline pipeline = lab.draft()
                    .metrics(meters.metrics())
                    .sink("lake", lab.lake("lake"))
                    .start()) {
                pipeline.runUntilCaughtUp(SinksLab.PATIENCE);
                assertThat(meters.value("philotes.copy.rows", "sink", "lake", "table", "public.items"))
                        .isEqualTo(100);
                assertThat(meters.value("philotes.copy.progress", "sink", "lake", "table", "public.items"))
                        .isEqualTo(1);
                lab.write(101, 150);
                lab.sql("DELETE FROM items WHERE id > 140");
                pipeline.runUntilCaughtUp(SinksLab.PATIENCE);
                assertThat(received("insert")).isEqualTo(50);
                assertThat(received("update")).isEqualTo(50);
                assertThat(received("delete")).isEqualTo(10);
                assertThat(meters.value("philotes.transactions.received")).isEqualTo(3);
                assertThat(meters.value("philotes.transaction.size.max")).isEqualTo(50);
                lab.sql("TRUNCATE items", "INSERT INTO items VALUES (1, 'again')");
                pipeline.runUntilCaughtUp(SinksLab.PATIENCE);
                lab.assertMirrored("lake");
                assertThat(received("truncate")).isEqualTo(1);
                assertThat(received("insert")).isEqualTo(51);
                assertThat(meters.value("philotes.table.files", "table", "public.items"))
                        .isEqualTo(1);
                assertThat(meters.value("philotes.changes.received"))
                        .isEqualTo(pipeline.status().changesReceived());
                SinksLab.await(() ->
                        assertThat(meters.value("philotes.heartbeats.sent")).isPositive());
                SinksLab.await(() -> assertThat(meters.value("philotes.read.lag"))
                        .as("nothing is left to read")
                        .isZero());
            }
        }
    }

    @Test
    void a_sink_that_begins_again_is_counted_with_its_reason() throws Exception {
        try (SinksLab lab = new SinksLab(server, directory)) {
            FlakySink replica = new FlakySink(lab.lake("replica"));
            try (Pipeline pipeline = lab.draft()
                    .metrics(meters.metrics())
                    .sink("lake", lab.lake("lake"))
                    .sink("replica", replica.sink())
                    .start()) {
                pipeline.runUntilCaughtUp(SinksLab.PATIENCE);
                replica.fault(ErrorCode.CATALOG_UNREACHABLE);
                lab.write(1, 10);
                SinksLab.await(() -> assertThat(meters.value(
                                "philotes.pipeline.restarts",
                                "sink",
                                "replica",
                                "reason",
                                ErrorCode.CATALOG_UNREACHABLE.code()))
                        .isPositive());
                replica.fault(null);
                pipeline.runUntilCaughtUp(SinksLab.PATIENCE);
                lab.assertMirrored("replica");
                assertThat(meters.has("philotes.pipeline.restarts", "sink", "lake"))
                        .isFalse();
                pipeline.removeSink("replica");
                assertThat(meters.has("philotes.table.files", "sink", "replica"))
                        .isFalse();
                assertThat(meters.has("philotes.table.files", "sink", "lake")).isTrue();
            }
        }
    }
}
