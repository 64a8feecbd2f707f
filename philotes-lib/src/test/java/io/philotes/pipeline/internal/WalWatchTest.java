// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.Lsn;
import io.philotes.pipeline.Alert;
import io.philotes.pipeline.PipelineListener;
import io.philotes.pipeline.WalGuard;
import io.philotes.source.SlotHolder;
import io.philotes.source.SlotWal;
import io.philotes.source.WalStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WalWatchTest {

    private static final long GIB = 1L << 30;

    private final List<String> told = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    private WalWatch watch(WalGuard guard) {
        PipelineListener listener = new PipelineListener() {
            @Override
            public void alert(String pipeline, Alert alert) {
                told.add((alert.raised() ? "+" : "-") + alert.kind() + " " + alert.severity());
            }
        };
        return new WalWatch(guard, new AlertBoard("shop", new Listeners(List.of(listener))));
    }

    private static SlotWal slot(String name, long retained, long safe, long xminAge) {
        return new SlotWal(name, name.equals("own"), "reserved", "", retained, safe, xminAge, Optional.empty(), 0);
    }

    private static WalStatus wal(SlotWal own, long limit) {
        return new WalStatus(new Lsn(1), Optional.of(own), limit, List.of(), List.of());
    }

    private Optional<String> see(WalWatch watch, WalStatus status) {
        now = now.plusSeconds(30);
        return watch.see(status, now);
    }

    @Test
    void each_threshold_is_told_once_and_is_over_only_clearly_below_it() {
        WalWatch watch = watch(WalGuard.DEFAULT);
        for (long retained :
                new long[] {GIB, 2 * GIB, 3 * GIB, 2 * GIB, 2 * GIB - 1, 2 * GIB + 1, 2 * GIB * 9 / 10 + 1}) {
            see(watch, wal(slot("own", retained, -1, 0), -1));
        }
        assertThat(told).filteredOn(t -> t.contains("RETAINED")).containsExactly("+WAL_RETAINED WARNING");
        see(watch, wal(slot("own", 2 * GIB * 9 / 10 - 2, -1, 0), -1));
        see(watch, wal(slot("own", 11 * GIB, -1, 0), -1));
        assertThat(told)
                .filteredOn(t -> t.contains("RETAINED"))
                .containsExactly(
                        "+WAL_RETAINED WARNING",
                        "-WAL_RETAINED WARNING",
                        "+WAL_RETAINED WARNING",
                        "+WAL_RETAINED CRITICAL");
    }

    @Test
    void half_and_four_fifths_of_the_servers_limit_are_told() {
        WalWatch watch = watch(WalGuard.DEFAULT);
        see(watch, wal(slot("own", 0, GIB * 6 / 10, 0), GIB));
        assertThat(told).isEmpty();
        see(watch, wal(slot("own", 0, GIB * 5 / 10, 0), GIB));
        see(watch, wal(slot("own", 0, GIB / 10, 0), GIB));
        assertThat(told).containsExactly("+WAL_LIMIT_NEAR WARNING", "+WAL_LIMIT_NEAR CRITICAL");
    }

    @Test
    void the_forecast_goes_by_the_growth_of_some_minutes_and_the_nearer_limit() {
        WalWatch watch = watch(new WalGuard(GIB, 100 * GIB, WalGuard.OnExceeded.ALERT));
        long perLook = 30L * (1 << 20);
        for (int i = 0; i <= 10; i++) {
            see(watch, wal(slot("own", i * perLook, 11_400L * (1 << 20) - i * perLook, 0), 11_400L * (1 << 20)));
        }
        assertThat(watch.status().orElseThrow().growthBytesPerSecond()).isEqualTo(1 << 20);
        assertThat(watch.status().orElseThrow().fullIn()).contains(Duration.ofSeconds(11_400 - 300));
        assertThat(ByteText.of(Duration.ofSeconds(11_400))).isEqualTo("3 h 10 min");
        assertThat(told).contains("+WAL_FULL_SOON WARNING").doesNotContain("+WAL_FULL_SOON CRITICAL");
    }

    @Test
    void what_does_not_grow_is_never_full() {
        WalWatch watch = watch(WalGuard.DEFAULT);
        for (int i = 0; i < 5; i++) {
            see(watch, wal(slot("own", GIB - i, -1, 0), -1));
        }
        assertThat(watch.status().orElseThrow().fullIn()).isEmpty();
        assertThat(told).isEmpty();
    }

    @Test
    void only_a_guard_that_may_drop_says_that_the_slot_must_go() {
        WalStatus much = wal(slot("own", 11 * GIB, -1, 0), -1);
        assertThat(see(watch(WalGuard.DEFAULT), much)).isEmpty();
        WalGuard dropping = new WalGuard(GIB, 10 * GIB, WalGuard.OnExceeded.DROP_SLOT);
        assertThat(see(watch(dropping), much))
                .contains("it kept 11.0 GiB of WAL, more than the 10.0 GiB of wal-guard.max-retained");
        assertThat(see(watch(dropping), wal(slot("own", 10 * GIB, -1, 0), -1))).isEmpty();
    }

    @Test
    void others_that_cost_the_same_disk_are_told() {
        WalWatch watch = watch(WalGuard.DEFAULT);
        SlotHolder holder = new SlotHolder("prepared transaction x in shop", true, Duration.ofMinutes(11));
        see(
                watch,
                new WalStatus(
                        new Lsn(1),
                        Optional.of(slot("own", 0, -1, 170_000_000)),
                        -1,
                        List.of(slot("forgotten", 3 * GIB, -1, 0)),
                        List.of(holder)));
        assertThat(told)
                .containsExactlyInAnyOrder(
                        "+CATALOG_XMIN_OLD WARNING",
                        "+CATALOG_XMIN_OLD CRITICAL",
                        "+OTHER_SLOT_INACTIVE WARNING",
                        "+SLOT_HELD WARNING");
    }

    @Test
    void a_clock_that_was_set_back_hides_no_growth() {
        WalWatch watch = watch(WalGuard.DEFAULT);
        for (int i = 0; i < 10; i++) {
            see(watch, wal(slot("own", 1 << 20, -1, 0), -1));
        }
        now = now.minus(Duration.ofHours(3));
        for (int i = 0; i < 10; i++) {
            see(watch, wal(slot("own", i * (GIB / 6), -1, 0), -1));
        }
        assertThat(told).contains("+WAL_FULL_SOON CRITICAL");
    }
}
