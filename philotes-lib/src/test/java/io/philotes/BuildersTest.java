// SPDX-License-Identifier: Apache-2.0
package io.philotes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.buffer.disk.DiskBuffer;
import io.philotes.buffer.postgres.PostgresBuffer;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.sink.Sinks;
import io.philotes.sink.iceberg.IcebergSink;
import io.philotes.source.postgres.PostgresSource;
import io.philotes.testkit.TestDataSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.iceberg.inmemory.InMemoryCatalog;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A builder says all that is wrong at once, and takes no wrong value for another. That of the source has a test of its own. */
class BuildersTest {

    private static final String NOWHERE = "jdbc:postgresql://127.0.0.1:1/shop";

    @Test
    void of_the_iceberg_sink_every_fault_is_named() {
        refused(
                () -> IcebergSink.builder(new InMemoryCatalog())
                        .namespace("a..b")
                        .formatVersion(1)
                        .targetFileSizeBytes(0)
                        .zstdLevel(99)
                        .commitTimeout(Duration.ZERO)
                        .commitParallelism(0)
                        .build(),
                "namespace",
                "format version",
                "target file size",
                "zstd level",
                "commit timeout",
                "commit parallelism");
    }

    @Test
    void of_the_disk_buffer_every_fault_is_named() {
        refused(
                () -> DiskBuffer.builder(Path.of("anywhere"))
                        .segmentBytes(1)
                        .limitBytes(0)
                        .keepFreeBytes(-1)
                        .build(),
                "segmentBytes",
                "limitBytes",
                "keepFreeBytes");
    }

    @Test
    void of_the_buffer_in_postgres_every_fault_is_named() {
        refused(
                () -> PostgresBuffer.builder(TestDataSource.of(NOWHERE, "u", "p"))
                        .schema(" ")
                        .segmentBytes(1)
                        .limitBytes(0)
                        .build(),
                "schema",
                "segmentBytes",
                "limitBytes");
    }

    /** Each is refused where it is given, so that the line in the trace is the one to mend. */
    @TestFactory
    List<DynamicTest> of_a_pipeline_each_wrong_option_is_refused_at_once() {
        return List.of(
                option("name", () -> draft().name("no such name")),
                option("commitInterval", () -> draft().commitInterval(Duration.ZERO)),
                option("commitMaxBytes", () -> draft().commitMaxBytes(-1)),
                option("heartbeatInterval", () -> draft().heartbeatInterval(Duration.ofSeconds(-1))),
                option("heartbeatInterval", () -> draft().heartbeatInterval(Duration.ofDays(1_000_000))),
                option("schemaLookInterval", () -> draft().schemaLookInterval(Duration.ZERO)),
                option("copyParallelism", () -> draft().copyParallelism(0)),
                option("memoryBudget", () -> draft().memoryBudget(0)),
                option("maxDeadLetters", () -> draft().maxDeadLetters(0)),
                option("sink", () -> draft().sink("no such name", Sinks.forEach(change -> {}))));
    }

    private static DynamicTest option(String named, ThrowingCallable call) {
        return DynamicTest.dynamicTest(named, () -> refused(call, named));
    }

    @Test
    void two_sinks_of_one_name_are_refused() {
        refused(
                () -> draft().sink("a", Sinks.forEach(change -> {}))
                        .sink("a", Sinks.forEach(change -> {}))
                        .check(),
                "two sinks with the name 'a'");
    }

    private static PipelineDraft draft() {
        return Philotes.source(PostgresSource.builder(NOWHERE)
                .credentials("philotes", "secret")
                .tables("public.orders")
                .build());
    }

    private static void refused(ThrowingCallable build, String... named) {
        assertThatThrownBy(build).isInstanceOfSatisfying(PhilotesException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION);
            assertThat(e.getMessage()).contains(named);
        });
    }
}
