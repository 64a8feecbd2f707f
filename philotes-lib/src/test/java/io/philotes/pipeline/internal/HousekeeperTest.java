// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.philotes.buffer.MemoryBuffer;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.pipeline.Alert;
import io.philotes.pipeline.PipelineListener;
import io.philotes.pipeline.PipelineSettings;
import io.philotes.pipeline.PipelineState;
import io.philotes.pipeline.WalGuard;
import io.philotes.source.SlotWal;
import io.philotes.source.WalStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What the housekeeper does when a slot keeps more than it may, or nobody can see how much it keeps. */
class HousekeeperTest {

    private static final long MOST = 1 << 20;

    private final List<Alert> told = new CopyOnWriteArrayList<>();
    private volatile PhilotesException refusal;
    private volatile boolean dies;

    /** Its slot keeps too much. */
    private final ScriptedSource source = new ScriptedSource() {
        @Override
        public Optional<WalStatus> wal() {
            SlotWal slot = new SlotWal("own", true, "reserved", "", 2 * MOST, -1, 0, Optional.empty(), 0);
            return Optional.of(new WalStatus(new Lsn(1), Optional.of(slot), -1, List.of(), List.of()));
        }

        @Override
        public void giveUpSlot() {
            if (refusal != null) {
                throw refusal;
            }
            dropSlot();
        }
    };

    private static RunState run(PipelineSettings settings, ScriptedSource source) {
        return RunState.of(new PipelineParts(
                settings,
                source,
                MemoryBuffer.bounded(1 << 20),
                Optional.of(new HeldCheckpoints()),
                List.of(new SinkPart("sink", new CountingSink())),
                RowHandling.DEFAULT));
    }

    private RunState runUntilItGivesUp() throws Exception {
        PipelineSettings settings = settings();
        RunState run = run(settings, source);
        run.lifecycle().moveTo(PipelineState.STARTING);
        StopFlag stop = new StopFlag();
        CompletableFuture<Void> house =
                CompletableFuture.runAsync(() -> new Housekeeper(settings, source, run).run(stop));
        await().until(() -> run.lifecycle().state() == PipelineState.FAILED);
        stop.set();
        house.get(20, TimeUnit.SECONDS);
        return run;
    }

    private PipelineSettings settings() {
        PipelineListener listener = new PipelineListener() {
            @Override
            public void alert(String pipeline, Alert alert) {
                told.add(alert);
            }

            @Override
            public void failed(String pipeline, PhilotesException failure) {
                if (dies) {
                    throw new AssertionError("scripted");
                }
            }
        };
        return TestSettings.of("guarded")
                .walGuard(new WalGuard(MOST / 2, MOST, WalGuard.OnExceeded.DROP_SLOT))
                .listeners(listener)
                .made();
    }

    private List<Alert> ofTheDrop() {
        return told.stream()
                .filter(alert -> alert.kind() == Alert.Kind.SLOT_NOT_DROPPED)
                .toList();
    }

    @Test
    void a_slot_that_cannot_be_dropped_is_told_and_the_pipeline_has_ended_all_the_same() throws Exception {
        source.createSlot(java.util.Set.of());
        refusal = new PhilotesException(ErrorCode.SOURCE_UNREACHABLE, "Cannot drop the slot: scripted");
        RunState run = runUntilItGivesUp();
        assertThat(run.lifecycle().failure())
                .hasValueSatisfying(failure -> assertThat(failure.code()).isEqualTo(ErrorCode.SLOT_LOST));
        assertThat(source.slot()).isPresent();
        assertThat(ofTheDrop()).singleElement().satisfies(alert -> {
            assertThat(alert.severity()).isEqualTo(Alert.Severity.CRITICAL);
            assertThat(alert.raised()).isTrue();
            assertThat(alert.message()).contains("scripted");
        });
        assertThat(run.walWatch().status().orElseThrow().alerts())
                .extracting(Alert::kind)
                .contains(Alert.Kind.SLOT_NOT_DROPPED);
    }

    @Test
    void a_listener_that_dies_when_it_hears_of_it_does_not_save_the_slot() {
        source.createSlot(java.util.Set.of());
        dies = true;
        assertThatThrownBy(this::runUntilItGivesUp).hasRootCauseMessage("scripted");
        assertThat(source.slot()).isEmpty();
    }

    @Test
    void a_slot_that_is_dropped_is_not_told_of_again() throws Exception {
        source.createSlot(java.util.Set.of());
        RunState run = runUntilItGivesUp();
        assertThat(run.lifecycle().failure())
                .hasValueSatisfying(failure -> assertThat(failure.getMessage()).contains("wal-guard.max-retained"));
        assertThat(source.slot()).isEmpty();
        assertThat(ofTheDrop()).isEmpty();
    }

    @Test
    void that_the_wal_cannot_be_looked_at_is_said_once_until_it_can() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        ScriptedSource sometimes = new ScriptedSource() {
            @Override
            public Optional<WalStatus> wal() {
                int look = looks.incrementAndGet();
                if (look == 3) {
                    return Optional.empty();
                }
                throw new PhilotesException(ErrorCode.SOURCE_UNREACHABLE, "Cannot look: scripted " + look);
            }
        };
        PipelineSettings settings =
                TestSettings.of("blind").heartbeatInterval(Duration.ofMillis(1)).made();
        RunState run = run(settings, sometimes);
        StopFlag stop = new StopFlag();
        try (WarningLog log = new WarningLog(Housekeeper.class, "blind")) {
            CompletableFuture<Void> house =
                    CompletableFuture.runAsync(() -> new Housekeeper(settings, sometimes, run).run(stop));
            await().until(() -> looks.get() >= 6);
            stop.set();
            house.get(20, TimeUnit.SECONDS);
            assertThat(log.warnings())
                    .satisfiesExactly(
                            first -> assertThat(first).contains("scripted 1"),
                            again -> assertThat(again).contains("scripted 4"));
        }
    }
}
