// SPDX-License-Identifier: Apache-2.0
package io.philotes.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.checkpoint.TableState;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.ChangeEvent;
import io.philotes.model.Lsn;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.PipelineListener;
import io.philotes.pipeline.PipelineState;
import io.philotes.pipeline.SinkState;
import io.philotes.pipeline.TableStatus;
import io.philotes.sink.Sinks;
import io.philotes.testkit.FlakySink;
import io.philotes.testkit.TestPostgres;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One capture and several sinks, against a real server and real lakes. */
class SeveralSinksTest {

    private static TestPostgres server;

    @TempDir
    Path directory;

    private SinksLab lab;

    @BeforeAll
    static void startServer() {
        server = TestPostgres.start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void openLab() throws Exception {
        lab = new SinksLab(server, directory);
        lab.write(1, 100);
    }

    @AfterEach
    void closeLab() throws Exception {
        lab.close();
    }

    @Test
    void a_sink_that_is_away_neither_stops_the_others_nor_loses_its_place() throws Exception {
        FlakySink replica = new FlakySink(lab.lake("replica"));
        try (Pipeline pipeline = start(replica)) {
            pipeline.runUntilCaughtUp(SinksLab.PATIENCE);
            lab.assertMirrored("lake");
            lab.assertMirrored("replica");

            replica.fault(ErrorCode.CATALOG_UNREACHABLE);
            lab.write(101, 200);
            lab.awaitMirrored("lake");
            SinksLab.await(() -> assertThat(lab.heard).contains(200L));
            SinksLab.await(
                    () -> assertThat(SinksLab.sink(pipeline, "replica").state()).isEqualTo(SinkState.RETRYING));
            assertThat(pipeline.status().state()).isEqualTo(PipelineState.RUNNING);
            Lsn behind = SinksLab.sink(pipeline, "replica").covered();
            SinksLab.await(() -> assertThat(pipeline.status().positions().acknowledged())
                    .as("the slot keeps moving")
                    .isGreaterThan(behind));
        }
        lab.write(201, 300);
        FlakySink later = new FlakySink(lab.lake("replica"));
        later.fault(ErrorCode.CATALOG_UNREACHABLE);
        try (Pipeline pipeline = start(later)) {
            lab.awaitMirrored("lake");
            assertThat(SinksLab.sink(pipeline, "replica").state()).isEqualTo(SinkState.RETRYING);
            lab.write(301, 400);
            lab.awaitMirrored("lake");

            later.fault(null);
            pipeline.runUntilCaughtUp(SinksLab.PATIENCE);
            lab.assertMirrored("replica");
            assertThat(SinksLab.sink(pipeline, "replica").tables())
                    .extracting(TableStatus::copiedRows)
                    .as("nothing was copied again")
                    .containsOnly(0L);
            assertThat(lab.heard)
                    .containsAll(LongStream.rangeClosed(101, 400).boxed().toList());
        }
    }

    private Pipeline start(FlakySink replica) {
        return lab.draft()
                .sink("lake", lab.lake("lake"))
                .sink("replica", replica.sink())
                .sink("audit", lab.audit())
                .start();
    }

    @Test
    void sinks_come_and_go_while_the_others_go_on() throws Exception {
        try (Pipeline pipeline = lab.draft().sink("lake", lab.lake("lake")).start()) {
            pipeline.runUntilCaughtUp(SinksLab.PATIENCE);
            pipeline.addSink("replica", lab.lake("replica"));
            pipeline.addSink("audit", lab.audit());
            lab.write(101, 200);
            pipeline.runUntilCaughtUp(SinksLab.PATIENCE);
            lab.assertMirrored("replica");
            lab.write(201, 300);
            lab.sql("CREATE TABLE more (id bigint PRIMARY KEY)", "INSERT INTO more VALUES (1)");
            SinksLab.await(() -> assertThat(pipeline.status().tables())
                    .filteredOn(table -> table.table().name().equals("more"))
                    .extracting(TableStatus::state)
                    .containsExactly(TableState.STREAMING, TableState.STREAMING, TableState.STREAMING));
            pipeline.runUntilCaughtUp(SinksLab.PATIENCE);
            lab.assertMirrored("lake", "more");
            lab.assertMirrored("replica", "more");
            assertThat(lab.heard)
                    .containsAll(LongStream.rangeClosed(201, 300).boxed().toList());

            pipeline.removeSink("replica");
            lab.write(301, 400);
            pipeline.runUntilCaughtUp(SinksLab.PATIENCE);
            lab.assertMirrored("lake");
            assertThatThrownBy(() -> lab.assertMirrored("replica")).isInstanceOf(AssertionError.class);

            pipeline.addSink("replica", lab.lake("replica"));
            pipeline.runUntilCaughtUp(SinksLab.PATIENCE);
            lab.assertMirrored("replica");
        }
    }

    @Test
    void what_cannot_be_added_or_removed_is_refused_and_changes_nothing() throws Exception {
        try (Pipeline pipeline = lab.draft().sink("lake", lab.lake("lake")).start()) {
            pipeline.runUntilCaughtUp(SinksLab.PATIENCE);
            refused(() -> pipeline.addSink("lake", lab.audit()), "two sinks with the name");
            refused(() -> pipeline.addSink("a.b", lab.audit()), "letters, digits");
            FlakySink away = new FlakySink(lab.lake("replica"));
            away.fault(ErrorCode.CATALOG_UNREACHABLE);
            assertThatThrownBy(() -> pipeline.addSink("replica", away.sink()))
                    .isInstanceOfSatisfying(
                            PhilotesException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.CATALOG_UNREACHABLE));
            refused(() -> pipeline.removeSink("lake"), "it is the only one");
            refused(() -> pipeline.removeSink("nobody"), "has none such");
            assertThat(pipeline.status().sinks()).hasSize(1);
        }
    }

    @Test
    void before_it_runs_no_sink_comes_or_goes() throws Exception {
        CompletableFuture<Pipeline> started = new CompletableFuture<>();
        List<ErrorCode> refused = new CopyOnWriteArrayList<>();
        PipelineListener whileLoading = new PipelineListener() {
            @Override
            public void stateChanged(String pipeline, PipelineState from, PipelineState to) {
                if (to == PipelineState.COPYING) {
                    refused.add(codeOf(() -> started.join().addSink("more", lab.audit())));
                    refused.add(codeOf(() -> started.join().removeSink("lake")));
                }
            }
        };
        try (Pipeline pipeline = lab.draft()
                .listener(whileLoading)
                .sink("lake", lab.lake("lake"))
                .sink("audit", lab.audit())
                .start()) {
            started.complete(pipeline);
            pipeline.runUntilCaughtUp(SinksLab.PATIENCE);
            assertThat(refused).containsExactly(ErrorCode.NOT_RUNNING, ErrorCode.NOT_RUNNING);
            lab.assertMirrored("lake");
        }
    }

    private static ErrorCode codeOf(Call call) {
        try {
            call.run();
            return null;
        } catch (PhilotesException e) {
            return e.code();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @Timeout(120)
    void a_listener_removes_a_sink_and_it_goes_after_the_call() throws Exception {
        CompletableFuture<Pipeline> started = new CompletableFuture<>();
        PipelineListener remover = new PipelineListener() {
            @Override
            public void stateChanged(String pipeline, PipelineState from, PipelineState to) {
                if (to == PipelineState.RUNNING) {
                    codeOf(() -> started.join().removeSink("audit"));
                }
            }
        };
        try (Pipeline pipeline = lab.draft()
                .listener(remover)
                .sink("lake", lab.lake("lake"))
                .sink("audit", lab.audit())
                .start()) {
            started.complete(pipeline);
            SinksLab.await(() -> assertThat(pipeline.status().sinks()).hasSize(1));
            pipeline.runUntilCaughtUp(SinksLab.PATIENCE);
            lab.assertMirrored("lake");
        }
    }

    private interface Call {
        void run() throws Exception;
    }

    private static void refused(Call call, String why) {
        assertThatThrownBy(call::run).isInstanceOfSatisfying(PhilotesException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION);
            assertThat(e.getMessage()).contains(why);
        });
    }

    @Test
    void a_sink_that_fails_for_good_leaves_the_others_running_and_the_last_one_ends_the_pipeline() throws Exception {
        FlakySink first = new FlakySink(lab.lake("lake"));
        FlakySink second = new FlakySink(lab.lake("replica"));
        try (Pipeline pipeline = lab.draft()
                .sink("lake", first.sink())
                .sink("replica", second.sink())
                .start()) {
            pipeline.runUntilCaughtUp(SinksLab.PATIENCE);
            second.fault(ErrorCode.WAREHOUSE_READ_ONLY);
            lab.write(101, 200);
            SinksLab.await(
                    () -> assertThat(SinksLab.sink(pipeline, "replica").state()).isEqualTo(SinkState.FAILED));
            assertThat(SinksLab.sink(pipeline, "replica")
                            .failure()
                            .orElseThrow()
                            .code())
                    .isEqualTo(ErrorCode.WAREHOUSE_READ_ONLY);
            lab.awaitMirrored("lake");
            assertThat(pipeline.status().state()).isEqualTo(PipelineState.RUNNING);
            assertThatThrownBy(() -> pipeline.runUntilCaughtUp(SinksLab.PATIENCE))
                    .isInstanceOf(PhilotesException.class);

            first.fault(ErrorCode.WAREHOUSE_READ_ONLY);
            lab.write(201, 300);
            pipeline.awaitStopped();
            assertThat(pipeline.status().state()).isEqualTo(PipelineState.FAILED);
            assertThat(pipeline.status().failure().orElseThrow().code()).isEqualTo(ErrorCode.WAREHOUSE_READ_ONLY);
        }
        try (Pipeline pipeline = lab.draft()
                .sink("lake", lab.lake("lake"))
                .sink("replica", lab.lake("replica"))
                .start()) {
            pipeline.runUntilCaughtUp(SinksLab.PATIENCE);
            lab.assertMirrored("lake");
            lab.assertMirrored("replica");
        }
    }

    @Test
    void a_consumer_that_throws_hears_the_change_again_and_misses_none() throws Exception {
        List<Long> calls = new CopyOnWriteArrayList<>();
        AtomicBoolean thrown = new AtomicBoolean();
        try (Pipeline pipeline = lab.draft()
                .sink("lake", lab.lake("lake"))
                .sink("audit", Sinks.forEach(change -> {
                    if (change instanceof ChangeEvent.Insert insert) {
                        long id = insert.row().longValue("id");
                        if (id == 150 && thrown.compareAndSet(false, true)) {
                            throw new IllegalStateException("scripted");
                        }
                        calls.add(id);
                    }
                }))
                .start()) {
            pipeline.runUntilCaughtUp(SinksLab.PATIENCE);
            lab.write(101, 200);
            pipeline.runUntilCaughtUp(SinksLab.PATIENCE);
            assertThat(thrown).isTrue();
            assertThat(calls.stream().distinct().toList())
                    .as("in commit order, none left out")
                    .isEqualTo(LongStream.rangeClosed(101, 200).boxed().toList());
        }
    }
}
