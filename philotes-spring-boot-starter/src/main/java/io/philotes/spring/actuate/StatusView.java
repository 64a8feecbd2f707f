// SPDX-License-Identifier: Apache-2.0
package io.philotes.spring.actuate;

import io.philotes.checkpoint.TableState;
import io.philotes.error.PhilotesException;
import io.philotes.pipeline.Alert;
import io.philotes.pipeline.PipelineStatus;
import io.philotes.pipeline.Retry;
import io.philotes.pipeline.SinkStatus;
import io.philotes.pipeline.SourceStatus;
import io.philotes.pipeline.TableStatus;
import io.philotes.source.SlotHolder;
import io.philotes.source.SlotWal;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A pipeline's status in plain maps, texts and numbers; what is not known is left out. No value of a row, no secret. */
final class StatusView {

    private StatusView() {}

    /** What fits a line of an overview. */
    static Map<String, Object> summary(PipelineStatus status) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("state", status.state().name());
        view.put("lagSeconds", seconds(status.lagTime()));
        view.put("lagBytes", status.lagBytes());
        status.lastCommit().ifPresent(at -> view.put("lastCommit", at.toString()));
        status.source()
                .flatMap(source -> source.wal().slot())
                .ifPresent(slot -> view.put("walRetainedBytes", slot.retainedBytes()));
        view.put(
                "deadLetters",
                status.tables().stream().mapToLong(TableStatus::deadLetters).sum());
        view.put("tables", counts(status.tables()));
        if (status.stalled()) {
            view.put("stalled", true);
        }
        status.failure().ifPresent(failure -> view.put("failure", failure(failure)));
        if (!status.retries().isEmpty()) {
            view.put("retries", status.retries().stream().map(StatusView::retry).toList());
        }
        return view;
    }

    private static Map<String, Object> retry(Retry retry) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("stage", retry.stage().name());
        retry.sink().ifPresent(sink -> view.put("sink", sink));
        view.put("since", retry.since().toString());
        view.put("failures", retry.failures());
        view.put("failure", failure(retry.last()));
        return view;
    }

    private static Map<String, Long> counts(List<TableStatus> tables) {
        Map<TableState, Long> counts = new EnumMap<>(TableState.class);
        tables.forEach(table -> counts.merge(table.state(), 1L, Long::sum));
        Map<String, Long> view = new LinkedHashMap<>();
        counts.forEach((state, count) -> view.put(state.name(), count));
        return view;
    }

    /** Everything but the WAL. */
    static Map<String, Object> full(PipelineStatus status) {
        Map<String, Object> view = new LinkedHashMap<>(Map.of("pipeline", status.pipeline()));
        view.putAll(summary(status));
        Map<String, Object> positions = new LinkedHashMap<>();
        positions.put("walEnd", status.positions().walEnd().toString());
        positions.put("received", status.positions().received().toString());
        positions.put("durable", status.positions().durable().toString());
        positions.put("acknowledged", status.positions().acknowledged().toString());
        positions.put("covered", status.positions().covered().toString());
        view.put("positions", positions);
        view.put("bufferBytes", status.bufferBytes());
        view.put("bufferLimitBytes", status.bufferLimitBytes());
        view.put("changesReceived", status.changesReceived());
        view.put("commits", status.commits());
        view.put("sinks", status.sinks().stream().map(StatusView::sink).toList());
        status.source().ifPresent(source -> view.put("alerts", alerts(source)));
        return view;
    }

    private static Map<String, Object> sink(SinkStatus sink) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("name", sink.name());
        view.put("state", sink.state().name());
        view.put("covered", sink.covered().toString());
        view.put("lagSeconds", seconds(sink.lagTime()));
        view.put("lagBytes", sink.lagBytes());
        view.put("commits", sink.commits());
        sink.lastCommit().ifPresent(at -> view.put("lastCommit", at.toString()));
        sink.failure().ifPresent(failure -> view.put("failure", failure(failure)));
        view.put("tables", sink.tables().stream().map(StatusView::table).toList());
        return view;
    }

    /** Each table of each sink. */
    static Map<String, Object> tables(PipelineStatus status) {
        Map<String, Object> view = new LinkedHashMap<>();
        status.sinks()
                .forEach(sink -> view.put(
                        sink.name(),
                        sink.tables().stream().map(StatusView::table).toList()));
        return Map.of("sinks", view);
    }

    private static Map<String, Object> table(TableStatus table) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("table", table.table().toString());
        view.put("state", table.state().name());
        view.put("position", table.position().toString());
        view.put("copiedRows", table.copiedRows());
        view.put("committedRows", table.committedRows());
        view.put("commits", table.commits());
        table.lastCommit().ifPresent(at -> view.put("lastCommit", at.toString()));
        view.put("deadLetters", table.deadLetters());
        if (!table.reason().isEmpty()) {
            view.put("reason", table.reason());
        }
        return view;
    }

    /** What the pipeline costs its source; empty before the first look. */
    static Map<String, Object> wal(PipelineStatus status) {
        Map<String, Object> view = new LinkedHashMap<>();
        status.source().ifPresent(source -> {
            view.put("walEnd", source.wal().walEnd().toString());
            limit("limitBytes", source.limitBytes(), view);
            view.put("growthBytesPerSecond", source.growthBytesPerSecond());
            source.fullIn().ifPresent(in -> view.put("fullInSeconds", in.toSeconds()));
            source.wal().slot().ifPresent(slot -> view.put("slot", slot(slot)));
            view.put(
                    "others",
                    source.wal().others().stream().map(StatusView::slot).toList());
            view.put(
                    "holders",
                    source.wal().holders().stream().map(SlotHolder::what).toList());
            view.put("alerts", alerts(source));
        });
        return view;
    }

    private static Map<String, Object> slot(SlotWal slot) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("slot", slot.name());
        view.put("active", slot.active());
        view.put("walStatus", slot.walStatus());
        view.put("retainedBytes", slot.retainedBytes());
        limit("safeBytes", slot.safeBytes(), view);
        view.put("spillBytes", slot.spillBytes());
        return view;
    }

    private static void limit(String name, long bytes, Map<String, Object> view) {
        if (bytes >= 0) {
            view.put(name, bytes);
        }
    }

    private static List<Map<String, Object>> alerts(SourceStatus source) {
        return source.alerts().stream().map(StatusView::alert).toList();
    }

    private static Map<String, Object> alert(Alert alert) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("kind", alert.kind().name());
        view.put("severity", alert.severity().name());
        view.put("message", alert.message());
        view.put("hint", alert.hint());
        return view;
    }

    private static Map<String, Object> failure(PhilotesException failure) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("code", failure.code().code());
        view.put("message", failure.getMessage());
        Optional.of(failure.hint()).filter(hint -> !hint.isEmpty()).ifPresent(hint -> view.put("hint", hint));
        return view;
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
