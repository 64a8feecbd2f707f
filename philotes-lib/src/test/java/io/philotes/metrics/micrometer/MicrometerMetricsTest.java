// SPDX-License-Identifier: Apache-2.0
package io.philotes.metrics.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.metrics.PipelineMetrics;
import io.philotes.metrics.PipelineMetrics.LetterEnd;
import io.philotes.metrics.TargetSize;
import io.philotes.model.ChangeBatch;
import io.philotes.model.ChangeBatchBuilder;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.model.TableId;
import io.philotes.testkit.Meters;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class MicrometerMetricsTest {

    private static final byte[] ROW = {0, 0};
    private static final TableId ORDERS = new TableId("public", "orders");

    private final Meters meters = new Meters();
    private final ChangeBatchBuilder builder = new ChangeBatchBuilder();
    private long lsn = 100;

    private static RelationSchema relation(String table) {
        return new RelationSchema(1, new TableId("public", table), ReplicaIdentity.DEFAULT, List.of(), List.of());
    }

    private void begin() {
        lsn += 10;
        builder.begin(new Lsn(lsn), 0, 1);
    }

    private void commit() {
        builder.commit(new Lsn(lsn + 5));
    }

    @Test
    void what_is_received_is_counted_by_table_and_kind() {
        PipelineMetrics metrics = meters.metrics();
        RelationSchema orders = relation("orders");
        RelationSchema items = relation("items");
        begin();
        builder.insert(orders, ROW, 0, 2);
        builder.insert(items, ROW, 0, 2);
        builder.insert(items, ROW, 0, 2);
        commit();
        begin();
        builder.update(orders, (byte) 0, ROW, 0, 2);
        builder.delete(items, (byte) 'K', ROW, 0, 2);
        builder.truncate(List.of(orders, items), (byte) 0);
        ChangeBatch first = builder.cutWhole();
        metrics.received(first, Duration.ofMillis(1500));
        assertThat(meters.value("philotes.changes.received")).isEqualTo(3);
        assertThat(meters.value("philotes.transactions.received")).isEqualTo(1);
        commit();
        ChangeBatch second = builder.cutWhole();
        metrics.received(second, Duration.ofMillis(500));
        assertThat(meters.value("philotes.changes.received", "table", "public.orders", "op", "insert"))
                .isEqualTo(1);
        assertThat(meters.value("philotes.changes.received", "table", "public.items", "op", "insert"))
                .isEqualTo(2);
        assertThat(meters.value("philotes.changes.received", "table", "public.orders", "op", "update"))
                .isEqualTo(1);
        assertThat(meters.value("philotes.changes.received", "table", "public.items", "op", "delete"))
                .isEqualTo(1);
        assertThat(meters.value("philotes.changes.received", "op", "truncate")).isEqualTo(2);
        assertThat(meters.value("philotes.transactions.received")).isEqualTo(2);
        assertThat(meters.value("philotes.transaction.size.max")).isEqualTo(3);
        assertThat(meters.value("philotes.wal.received")).isEqualTo(first.length() + second.length());
        assertThat(meters.value("philotes.read.lag")).isEqualTo(0.5);
        metrics.received(ChangeBatch.progress(new Lsn(1000)), Duration.ZERO);
        assertThat(meters.value("philotes.read.lag"))
                .as("nothing is left to read")
                .isZero();
    }

    @Test
    void tables_beyond_the_limit_share_one_counter_for_each_kind() {
        PipelineMetrics metrics = meters.metrics();
        begin();
        for (int i = 0; i < TableTags.DEFAULT_LIMIT + 50; i++) {
            builder.insert(relation("t" + i), ROW, 0, 2);
        }
        commit();
        metrics.received(builder.cutWhole(), Duration.ZERO);
        assertThat(meters.value("philotes.changes.received", "table", "__other__", "op", "insert"))
                .isEqualTo(50);
        assertThat(meters.value("philotes.changes.received")).isEqualTo(TableTags.DEFAULT_LIMIT + 50);
    }

    @Test
    void tables_beyond_the_limit_share_one_gauge() {
        PipelineMetrics metrics = meters.metrics().forSink("lake");
        for (int i = 0; i < TableTags.DEFAULT_LIMIT; i++) {
            metrics.copied(new TableId("public", "t" + i), 1);
        }
        TableId one = new TableId("public", "one more");
        TableId two = new TableId("public", "two more");
        metrics.lettersWaiting(one, 3);
        metrics.lettersWaiting(two, 4);
        metrics.copyProgress(one, 0.25);
        metrics.copyProgress(two, 1);
        assertThat(meters.value("philotes.dead.letters", "table", "__other__")).isEqualTo(7);
        assertThat(meters.value("philotes.copy.progress", "table", "__other__"))
                .as("the one that takes longest")
                .isEqualTo(0.25);
        metrics.lettersWaiting(one, 0);
        assertThat(meters.value("philotes.dead.letters", "table", "__other__")).isEqualTo(4);
    }

    @Test
    void a_start_takes_the_gauges_of_the_last_one_away_and_leaves_the_counters() {
        PipelineMetrics other = MicrometerMetrics.of(meters.registry(), "other").forSink("lake");
        other.lettersWaiting(ORDERS, 9);
        PipelineMetrics first = meters.metrics();
        tell(first.forSink("lake"));
        first.received(ChangeBatch.progress(new Lsn(1)), Duration.ofSeconds(3));
        PipelineMetrics second = meters.metrics();
        assertThat(meters.has("philotes.dead.letters", "pipeline", "shop")).isFalse();
        assertThat(meters.has("philotes.table.size", "pipeline", "shop")).isFalse();
        assertThat(meters.value("philotes.dead.letters", "pipeline", "other")).isEqualTo(9);
        assertThat(meters.value("philotes.read.lag", "pipeline", "shop")).isZero();
        second.received(ChangeBatch.progress(new Lsn(1)), Duration.ofSeconds(5));
        tell(second.forSink("lake"));
        assertThat(meters.value("philotes.read.lag", "pipeline", "shop")).isEqualTo(5);
        assertThat(meters.value("philotes.table.size", "pipeline", "shop")).isEqualTo(300);
        assertThat(meters.value("philotes.dead.letters.recovered", "pipeline", "shop"))
                .isEqualTo(10);
    }

    @Test
    void a_sink_that_is_removed_takes_its_gauges_along() {
        PipelineMetrics metrics = meters.metrics();
        PipelineMetrics lake = metrics.forSink("lake");
        PipelineMetrics audit = metrics.forSink("audit");
        tell(lake);
        tell(audit);
        audit.sinkRemoved();
        assertThat(meters.has("philotes.table.files", "sink", "audit")).isFalse();
        assertThat(meters.value("philotes.table.files", "sink", "lake")).isEqualTo(1);
    }

    private static void tell(PipelineMetrics sink) {
        sink.lettersWaiting(ORDERS, 2);
        sink.lettersEnded(ORDERS, "PHI-5001", 5, LetterEnd.RECOVERED);
        sink.stands(ORDERS, new TargetSize(1, 2, 300, 4));
    }
}
