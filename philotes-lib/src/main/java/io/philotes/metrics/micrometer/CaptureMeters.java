// SPDX-License-Identifier: Apache-2.0
package io.philotes.metrics.micrometer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.TimeWindowMax;
import io.philotes.model.ChangeBatch;
import io.philotes.model.ChangeCounts;
import io.philotes.model.TableId;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What capture counts. Thread-safe. Everything waits for the thread that reads the source, so it finds its meters at hand, and
 * adds to them once for each batch, table and kind of change.
 */
final class CaptureMeters {

    private static final String READ_LAG = "philotes.read.lag";
    private static final String LARGEST = "philotes.transaction.size.max";

    /** A maximum is forgotten in the third minute behind it at the latest. */
    private static final long MAX_STEP_MILLIS = TimeUnit.MINUTES.toMillis(1);

    private static final int MAX_STEPS = 2;

    private final MeterRegistry registry;
    private final Tags pipeline;
    private final TableTags tables;
    private final Map<String, OfTable> byTable = new ConcurrentHashMap<>();
    private final Counter bytes;
    private final Counter transactions;
    private final Counter heartbeats;
    private final Timer backpressure;
    private final TimeWindowMax largest;
    private final AtomicLong behindNanos = new AtomicLong();

    private record OfTable(Counter inserts, Counter updates, Counter deletes, Counter truncates) {}

    CaptureMeters(MeterRegistry registry, Tags pipeline, TableTags tables) {
        this.registry = registry;
        this.pipeline = pipeline;
        this.tables = tables;
        this.bytes = Counter.builder("philotes.wal.received")
                .description("Bytes of changes received from the source")
                .baseUnit("bytes")
                .tags(pipeline)
                .register(registry);
        this.transactions = Counter.builder("philotes.transactions.received")
                .description("Transactions received from the source that changed a table of the pipeline")
                .tags(pipeline)
                .register(registry);
        this.heartbeats = Counter.builder("philotes.heartbeats.sent")
                .description("Heartbeats written at the source")
                .tags(pipeline)
                .register(registry);
        this.backpressure = Timer.builder("philotes.backpressure")
                .description("Time that capture waited for room in the buffer")
                .tags(pipeline.and("stage", "capture"))
                .register(registry);
        this.largest = new TimeWindowMax(registry.config().clock(), MAX_STEP_MILLIS, MAX_STEPS);
        bindGauges();
    }

    /** A pipeline that starts again has others behind its gauges. */
    private void bindGauges() {
        registry.find(READ_LAG).tags(pipeline).meters().forEach(registry::remove);
        registry.find(LARGEST).tags(pipeline).meters().forEach(registry::remove);
        TimeGauge.builder(READ_LAG, behindNanos, TimeUnit.NANOSECONDS, AtomicLong::get)
                .strongReference(true)
                .description("How long after its commit the newest transaction was read")
                .tags(pipeline)
                .register(registry);
        Gauge.builder(LARGEST, largest, TimeWindowMax::poll)
                .strongReference(true)
                .description("Changes of the largest transaction of the last minutes")
                .tags(pipeline)
                .register(registry);
    }

    void received(ChangeBatch batch, Duration behind) {
        behindNanos.lazySet(behind.toNanos());
        if (batch.isEmpty()) {
            return;
        }
        ChangeCounts counts = batch.counts();
        bytes.increment(batch.length());
        transactions.increment(counts.transactions());
        if (counts.largestTransaction() > 0) {
            largest.record(counts.largestTransaction());
        }
        for (int i = 0; i < batch.relations().size(); i++) {
            add(of(batch.relations().get(i).table()), counts, i);
        }
    }

    private static void add(OfTable table, ChangeCounts counts, int relation) {
        add(table.inserts(), counts.inserts(relation));
        add(table.updates(), counts.updates(relation));
        add(table.deletes(), counts.deletes(relation));
        add(table.truncates(), counts.truncates(relation));
    }

    private static void add(Counter counter, int changes) {
        if (changes > 0) {
            counter.increment(changes);
        }
    }

    private OfTable of(TableId table) {
        return byTable.computeIfAbsent(tables.tag(table), this::register);
    }

    private OfTable register(String table) {
        return new OfTable(
                register(table, "insert"),
                register(table, "update"),
                register(table, "delete"),
                register(table, "truncate"));
    }

    private Counter register(String table, String op) {
        return Counter.builder("philotes.changes.received")
                .description("Changes received from the source")
                .tags(pipeline.and("table", table, "op", op))
                .register(registry);
    }

    void heartbeat() {
        heartbeats.increment();
    }

    void backpressure(Duration waited) {
        backpressure.record(waited);
    }
}
