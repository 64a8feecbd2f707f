// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.part;

import io.debezium.embedded.Connect;
import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Debezium's embedded engine, which hands its records to somebody who drops them: no conversion to text, no Iceberg. Batches, queue
 * and pauses are set to what was fastest of what was tried.
 */
final class DebeziumPart implements Part {

    private final long changes;
    private final CountDownLatch done = new CountDownLatch(1);
    private final AtomicReference<String> failure = new AtomicReference<>("");
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final DebeziumEngine<ChangeEvent<SourceRecord, SourceRecord>> engine;
    private long seen;

    private DebeziumPart(PartSpec spec) {
        this.changes = spec.changes();
        this.engine = DebeziumEngine.create(Connect.class)
                .using(properties(spec))
                .notifying(this::take)
                .using(this::noteEnd)
                .build();
    }

    static DebeziumPart start(PartSpec spec) {
        DebeziumPart part = new DebeziumPart(spec);
        part.thread.execute(part.engine);
        return part;
    }

    private static Properties properties(PartSpec spec) {
        URI server = URI.create(spec.url().substring("jdbc:".length()));
        Properties properties = new Properties();
        properties.setProperty("name", "benchmark");
        properties.setProperty("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
        properties.setProperty("topic.prefix", "benchmark");
        properties.setProperty("database.hostname", server.getHost());
        properties.setProperty("database.port", Integer.toString(server.getPort() < 0 ? 5432 : server.getPort()));
        properties.setProperty("database.dbname", server.getPath().substring(1));
        properties.setProperty("database.user", spec.user());
        properties.setProperty("database.password", spec.password());
        properties.setProperty("plugin.name", "pgoutput");
        properties.setProperty("slot.name", spec.slot());
        properties.setProperty("publication.name", spec.publication());
        properties.setProperty("publication.autocreate.mode", "disabled");
        properties.setProperty("table.include.list", String.join(",", spec.tables()));
        properties.setProperty("snapshot.mode", spec.kind() == PartKind.DEBEZIUM_COPY ? "initial" : "no_data");
        properties.setProperty("offset.storage", "org.apache.kafka.connect.storage.MemoryOffsetBackingStore");
        tune(properties);
        return properties;
    }

    private static void tune(Properties properties) {
        properties.setProperty("max.batch.size", "16384");
        properties.setProperty("max.queue.size", "65536");
        properties.setProperty("poll.interval.ms", "20");
        properties.setProperty("offset.flush.interval.ms", "10000");
        properties.setProperty("tombstones.on.delete", "false");
        properties.setProperty("statistics.metrics.enabled", "false");
    }

    private void take(
            List<ChangeEvent<SourceRecord, SourceRecord>> records,
            DebeziumEngine.RecordCommitter<ChangeEvent<SourceRecord, SourceRecord>> committer)
            throws InterruptedException {
        for (ChangeEvent<SourceRecord, SourceRecord> event : records) {
            committer.markProcessed(event);
        }
        committer.markBatchFinished();
        seen += records.size();
        if (seen >= changes) {
            done.countDown();
        }
    }

    private void noteEnd(boolean success, String message, Throwable error) {
        failure.set(message);
        done.countDown();
    }

    @Override
    public void drain() throws InterruptedException {
        done.await();
        if (!failure.get().isEmpty()) {
            throw new IllegalStateException("Debezium ended: " + failure.get());
        }
    }

    @Override
    public void close() {
        try {
            engine.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            thread.shutdown();
        }
    }
}
