// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import io.philotes.config.Discovery;
import io.philotes.config.PhilotesConfig;
import io.philotes.config.PipelineFactory;
import io.philotes.config.SourceConfig;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.health.CheckReport;
import io.philotes.health.Finding;
import io.philotes.pipeline.SourceStatus;
import io.philotes.source.WalStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/**
 * Looks at sources and lakes as the command line does: with connections of their own, closed after each look. A few at a
 * time, so that callers cannot use up what the source has. Thread-safe.
 */
final class Inspections {

    private static final int AT_ONCE = 4;

    private final PhilotesConfig config;
    private final Semaphore turns = new Semaphore(AT_ONCE);

    Inspections(PhilotesConfig config) {
        this.config = config;
    }

    CheckJson check(String pipeline) {
        return look(factory -> CheckJson.of(null, Map.of(pipeline, factory.check(pipeline))));
    }

    PlanJson plan(String pipeline) {
        return look(factory ->
                PlanJson.of(factory.builder(pipeline).plan(), config.pipelines().get(pipeline)));
    }

    /** @param seen what a running pipeline saw over some time, which one look cannot tell */
    SourceJson wal(String pipeline, Optional<SourceStatus> seen) {
        return look(factory -> {
            WalStatus wal = factory.wal(pipeline)
                    .orElseThrow(() -> new PhilotesException(
                            ErrorCode.UNSUPPORTED_SOURCE, "Cannot look at the WAL: the source has none"));
            long guard = factory.walGuard(pipeline).maxRetainedBytes();
            long keep = wal.keepLimitBytes();
            return SourceJson.of(
                    wal,
                    keep < 0 ? guard : Math.min(guard, keep),
                    seen.map(SourceStatus::growthBytesPerSecond).orElse(null),
                    seen.flatMap(SourceStatus::fullIn).map(Duration::toSeconds).orElse(null),
                    seen.map(SourceStatus::alerts).orElse(List.of()).stream()
                            .map(SourceJson.Raised::of)
                            .toList());
        });
    }

    /** The SQL for all these pipelines; no server is asked, so no turn is taken. */
    String setupSql(List<String> pipelines) {
        try (PipelineFactory factory = new PipelineFactory(config)) {
            List<String> parts = new ArrayList<>();
            pipelines.forEach(name -> parts.add(factory.setupSql(name).text()));
            return String.join("\n", parts);
        }
    }

    /** What the source alone is found to be, for each of these pipelines. */
    CheckJson checkSource(List<String> pipelines) {
        return look(factory -> {
            Map<String, CheckReport> reports = new LinkedHashMap<>();
            pipelines.forEach(name -> reports.put(name, checkSource(factory, name)));
            return CheckJson.of(null, reports);
        });
    }

    /** A source that refuses its options for one pipeline keeps no other from being looked at. */
    private static CheckReport checkSource(PipelineFactory factory, String name) {
        try {
            return factory.checkSource(name);
        } catch (PhilotesException e) {
            return new CheckReport(List.of(Finding.error(e.code(), "configuration", e.reason(), e.hint())));
        }
    }

    /** The tables that match, mirrored or not. */
    List<FoundJson> discover(SourceConfig source, String pattern) {
        return look(factory ->
                Discovery.tables(source, pattern).stream().map(FoundJson::of).toList());
    }

    private <T> T look(Function<PipelineFactory, T> look) {
        // Nobody waits: whoever waited would keep a thread from those who ask for something else, such as the probes.
        if (!turns.tryAcquire()) {
            throw Refusal.of(503, "too many look at sources at the same time", "try again later");
        }
        try (PipelineFactory factory = new PipelineFactory(config)) {
            return look.apply(factory);
        } finally {
            turns.release();
        }
    }
}
