// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.philotes.metrics.PipelineMetrics.CommitOutcome;
import io.philotes.metrics.micrometer.MicrometerMetrics;
import io.philotes.metrics.micrometer.PipelineGauges;
import io.philotes.model.ChangeBatch;
import io.philotes.model.ChangeBatchBuilder;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.model.TableId;
import io.philotes.pipeline.PipelineState;
import io.philotes.pipeline.PipelineStatus;
import io.philotes.pipeline.SinkState;
import io.philotes.pipeline.SinkStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MetersTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:10Z");

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    @Test
    void what_happens_is_counted_under_the_documented_names() {
        MicrometerMetrics metrics = MicrometerMetrics.of(registry, "shop");
        metrics.received(batch(5), Duration.ofMillis(250));
        metrics.copied(new TableId("public", "orders"), 12);
        metrics.committed(new TableId("public", "orders"), 4, Duration.ofMillis(250), CommitOutcome.SUCCESS);
        metrics.backpressure(Duration.ofSeconds(2));
        metrics.retried("write", "PHI-4001");
        assertThat(registry.scrape())
                .contains(
                        "philotes_changes_received_total{op=\"insert\",pipeline=\"shop\",table=\"public.orders\"} 5.0")
                .contains("philotes_wal_received_bytes_total{pipeline=\"shop\"} " + (double) batch(5).length())
                .contains("philotes_transactions_received_total{pipeline=\"shop\"} 1.0")
                .contains("philotes_transaction_size_max{pipeline=\"shop\"} 5.0")
                .contains("philotes_read_lag_seconds{pipeline=\"shop\"} 0.25")
                .contains("philotes_copy_rows_total{pipeline=\"shop\",sink=\"none\",table=\"public.orders\"} 12.0")
                .contains(
                        "philotes_commit_seconds_sum{outcome=\"success\",pipeline=\"shop\",sink=\"none\",table=\"public.orders\"} 0.25")
                .contains("philotes_commit_rows_sum{pipeline=\"shop\",sink=\"none\",table=\"public.orders\"} 4.0")
                .contains("philotes_backpressure_seconds_sum{pipeline=\"shop\",stage=\"capture\"} 2.0")
                .contains(
                        "philotes_errors_total{code=\"PHI-4001\",pipeline=\"shop\",sink=\"none\",stage=\"write\"} 1.0");
    }

    private static ChangeBatch batch(int inserts) {
        RelationSchema orders =
                new RelationSchema(1, new TableId("public", "orders"), ReplicaIdentity.DEFAULT, List.of(), List.of());
        ChangeBatchBuilder builder = new ChangeBatchBuilder();
        builder.begin(new Lsn(1), 0, 1);
        for (int i = 0; i < inserts; i++) {
            builder.insert(orders, new byte[2], 0, 2);
        }
        builder.commit(new Lsn(2));
        return builder.cutWhole();
    }

    @Test
    void how_it_stands_is_read_at_each_scrape() {
        Lsn lsn = Lsn.ZERO;
        PipelineStatus status = new PipelineStatus(
                "shop",
                PipelineState.RUNNING,
                Optional.empty(),
                new PipelineStatus.Positions(lsn, lsn, lsn, lsn, lsn),
                7,
                Duration.ofMillis(1500),
                10,
                100,
                42,
                3,
                Optional.of(NOW.minusSeconds(4)),
                false,
                Optional.empty(),
                List.of());
        PipelineGauges.of("shop", "philotes_shop", () -> status, Clock.fixed(NOW, ZoneOffset.UTC))
                .bindTo(registry);
        assertThat(registry.scrape())
                .contains("philotes_pipeline_state{pipeline=\"shop\",state=\"running\"} 1.0")
                .contains("philotes_pipeline_state{pipeline=\"shop\",state=\"failed\"} 0.0")
                .contains("philotes_replication_lag_seconds{pipeline=\"shop\"} 1.5")
                .contains("philotes_replication_lag_bytes{pipeline=\"shop\"} 7.0")
                .contains("philotes_buffer_size_bytes{pipeline=\"shop\"} 10.0")
                .contains("philotes_buffer_limit_bytes{pipeline=\"shop\"} 100.0")
                .contains("philotes_commit_last_success_age_seconds{pipeline=\"shop\"} 4.0")
                .contains("philotes_leader{pipeline=\"shop\"} 1.0")
                .contains("philotes_tables{pipeline=\"shop\",state=\"needs-resync\"} 0.0")
                .contains("philotes_slot_wal_retained_bytes{pipeline=\"shop\",slot=\"philotes_shop\"} NaN");
    }

    @Test
    void a_sink_that_failed_beside_one_that_runs_is_counted() {
        Lsn lsn = Lsn.ZERO;
        PipelineStatus status = new PipelineStatus(
                "shop",
                PipelineState.RUNNING,
                Optional.empty(),
                new PipelineStatus.Positions(lsn, lsn, lsn, lsn, lsn),
                0,
                Duration.ZERO,
                0,
                100,
                0,
                0,
                Optional.of(NOW),
                false,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(sink("lake", SinkState.RUNNING), sink("replica", SinkState.FAILED)));
        PipelineGauges.of("shop", "philotes_shop", () -> status, Clock.fixed(NOW, ZoneOffset.UTC))
                .bindTo(registry);
        assertThat(registry.scrape())
                .contains("philotes_sinks{pipeline=\"shop\",state=\"failed\"} 1.0")
                .contains("philotes_sinks{pipeline=\"shop\",state=\"running\"} 1.0")
                .contains("philotes_sinks{pipeline=\"shop\",state=\"retrying\"} 0.0");
    }

    private static SinkStatus sink(String name, SinkState state) {
        return new SinkStatus(
                name, state, Optional.empty(), Lsn.ZERO, 0, Duration.ZERO, 0, Optional.empty(), false, List.of());
    }

    @Test
    void tables_beyond_the_limit_share_one_tag() {
        MicrometerMetrics metrics = MicrometerMetrics.of(registry, "shop");
        for (int i = 0; i < 250; i++) {
            metrics.copied(new TableId("public", "t" + i), 1);
        }
        assertThat(registry.scrape())
                .contains("philotes_copy_rows_total{pipeline=\"shop\",sink=\"none\",table=\"__other__\"} 50.0");
    }
}
