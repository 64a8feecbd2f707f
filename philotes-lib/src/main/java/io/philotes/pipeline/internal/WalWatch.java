// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.pipeline.Alert.Kind;
import io.philotes.pipeline.Alert.Severity;
import io.philotes.pipeline.SourceStatus;
import io.philotes.pipeline.WalGuard;
import io.philotes.source.SlotHolder;
import io.philotes.source.SlotWal;
import io.philotes.source.WalStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/**
 * Watches what the slot keeps on the source's disk: says in time when it becomes too much, and when it will. Fed by the
 * housekeeper alone; {@link #status} may be asked by any thread.
 */
final class WalWatch {

    private static final Duration SOON = Duration.ofHours(4);
    private static final Duration VERY_SOON = Duration.ofHours(1);

    /** Half of the server's default {@code autovacuum_freeze_max_age}; four fifths of it are critical. */
    private static final long OLD_XMIN = 100_000_000;

    private static final long VERY_OLD_XMIN = 160_000_000;

    private static final Duration LONG_TRANSACTION = Duration.ofMinutes(10);

    private final WalGuard guard;
    private final AlertBoard alerts;
    private final WalForecast forecast = new WalForecast();
    private volatile SourceStatus status;

    WalWatch(WalGuard guard, AlertBoard alerts) {
        this.guard = guard;
        this.alerts = alerts;
    }

    Optional<SourceStatus> status() {
        return Optional.ofNullable(status);
    }

    /** Takes a look in; returns why the slot must go, when it must. */
    Optional<String> see(WalStatus wal, Instant now) {
        long retained = wal.slot().map(SlotWal::retainedBytes).orElse(0L);
        if (wal.slot().isPresent()) {
            forecast.add(now, retained);
        }
        long limit = limit(wal);
        Optional<Duration> fullIn = forecast.until(bytesLeft(wal, retained));
        wal.slot().ifPresent(slot -> seeSlot(slot, wal.keepLimitBytes()));
        seeForecast(fullIn, limit, retained);
        seeOthers(wal);
        seeHolders(wal);
        status = new SourceStatus(wal, limit, (long) forecast.growth(), fullIn, alerts.raised());
        boolean exceeded = guard.onExceeded() == WalGuard.OnExceeded.DROP_SLOT && retained > guard.maxRetainedBytes();
        return exceeded
                ? Optional.of("it kept " + ByteText.of(retained) + " of WAL, more than the "
                        + ByteText.of(guard.maxRetainedBytes()) + " of wal-guard.max-retained")
                : Optional.empty();
    }

    /** What the slot may keep before something happens: the server's limit, or the guard's. */
    private long limit(WalStatus wal) {
        return wal.keepLimitBytes() < 0
                ? guard.maxRetainedBytes()
                : Math.min(wal.keepLimitBytes(), guard.maxRetainedBytes());
    }

    /** The server counts in whole segments, and knows better than a difference how much is left. */
    private long bytesLeft(WalStatus wal, long retained) {
        long safe = wal.slot().map(SlotWal::safeBytes).orElse(-1L);
        long toGuard = guard.maxRetainedBytes() - retained;
        return safe < 0 ? toGuard : Math.min(safe, toGuard);
    }

    private void seeSlot(SlotWal slot, long keepLimit) {
        String kept =
                "slot " + slot.name() + " keeps " + ByteText.of(slot.retainedBytes()) + " of WAL on the source's disk";
        String hint = "see why changes do not get through: the status shows lag and failures";
        see(Kind.WAL_RETAINED, slot.retainedBytes(), guard.warnRetainedBytes(), guard.maxRetainedBytes(), kept, hint);
        if (keepLimit > 0 && slot.safeBytes() >= 0) {
            long used = Math.max(0, keepLimit - slot.safeBytes());
            String near = "the server throws the slot's WAL away when " + ByteText.of(slot.safeBytes())
                    + " more are written, of max_slot_wal_keep_size " + ByteText.of(keepLimit);
            see(
                    Kind.WAL_LIMIT_NEAR,
                    used,
                    keepLimit * 0.5,
                    keepLimit * 0.8,
                    near,
                    "let changes through, or raise max_slot_wal_keep_size (no restart needed)");
        }
        String old = "slot " + slot.name() + " keeps catalog rows of " + slot.catalogXminAge() + " transactions";
        see(Kind.CATALOG_XMIN_OLD, slot.catalogXminAge(), OLD_XMIN, VERY_OLD_XMIN, old, hint);
    }

    private void see(Kind kind, double value, double warning, double critical, String message, String hint) {
        alerts.see(kind, Severity.WARNING, value, warning, message, hint);
        alerts.see(kind, Severity.CRITICAL, value, critical, message, hint);
    }

    /** Seen as how soon it is, so that more is worse. */
    private void seeForecast(Optional<Duration> fullIn, long limit, long retained) {
        double soonness = fullIn.map(in -> 1.0 / Math.max(1, in.toSeconds())).orElse(0.0);
        String message = fullIn.map(in -> ByteText.of(limit) + " of WAL are full in " + ByteText.of(in) + " at "
                        + ByteText.of((long) forecast.growth()) + "/s")
                .orElse(ByteText.of(retained) + " of WAL are kept, not growing");
        see(
                Kind.WAL_FULL_SOON,
                soonness,
                1.0 / SOON.toSeconds(),
                1.0 / VERY_SOON.toSeconds(),
                message,
                "let changes through before that, or make room");
    }

    private void seeOthers(WalStatus wal) {
        Optional<SlotWal> worst = wal.others().stream()
                .filter(other -> !other.active())
                .max(Comparator.comparingLong(SlotWal::retainedBytes));
        alerts.see(
                Kind.OTHER_SLOT_INACTIVE,
                Severity.WARNING,
                worst.map(SlotWal::retainedBytes).orElse(0L),
                guard.warnRetainedBytes(),
                worst.map(other -> "slot " + other.name() + ", which nobody reads, keeps "
                                + ByteText.of(other.retainedBytes()) + " of WAL")
                        .orElse("no slot is without a reader"),
                "find its owner; if there is none: SELECT pg_drop_replication_slot('…')");
    }

    /** The pipeline has ended, so that nobody looks again: this is told, and never told to be over. */
    void notDropped(String why) {
        alerts.see(
                Kind.SLOT_NOT_DROPPED,
                Severity.CRITICAL,
                1,
                1,
                "the slot was to be dropped and goes on keeping WAL: " + why,
                "drop it by hand: SELECT pg_drop_replication_slot('…')");
        SourceStatus seen = status;
        if (seen != null) {
            status = new SourceStatus(
                    seen.wal(), seen.limitBytes(), seen.growthBytesPerSecond(), seen.fullIn(), alerts.raised());
        }
    }

    private void seeHolders(WalStatus wal) {
        Optional<SlotHolder> oldest = wal.holders().stream().max(Comparator.comparing(SlotHolder::age));
        alerts.see(
                Kind.SLOT_HELD,
                Severity.WARNING,
                oldest.map(holder -> holder.age().toSeconds()).orElse(0L),
                LONG_TRANSACTION.toSeconds(),
                oldest.map(holder -> holder.what() + " is open for " + ByteText.of(holder.age())
                                + " and keeps all slots where they are")
                        .orElse("no transaction keeps the slots"),
                oldest.filter(SlotHolder::prepared).isPresent()
                        ? "COMMIT PREPARED or ROLLBACK PREPARED it"
                        : "end the transaction, or its session: SELECT pg_terminate_backend(…)");
    }
}
