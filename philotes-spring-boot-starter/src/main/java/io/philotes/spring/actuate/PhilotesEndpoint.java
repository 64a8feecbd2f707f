// SPDX-License-Identifier: Apache-2.0
package io.philotes.spring.actuate;

import io.philotes.dlq.DeadLetterFilter;
import io.philotes.dlq.DeadLetterRequests;
import io.philotes.model.TableId;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.PipelineState;
import io.philotes.pipeline.PipelineStatus;
import io.philotes.spring.PhilotesPipelines;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * The pipelines as an endpoint; orders need {@code management.endpoint.philotes.access=unrestricted}. What there is not is null.
 * Thread-safe. Shows no value of a row and no secret.
 */
@Endpoint(id = "philotes", defaultAccess = Access.READ_ONLY)
public final class PhilotesEndpoint {

    private final PhilotesPipelines pipelines;

    public PhilotesEndpoint(PhilotesPipelines pipelines) {
        this.pipelines = pipelines;
    }

    /** Each pipeline in short. */
    @ReadOperation
    public Map<String, Object> pipelines() {
        Map<String, Object> all = new LinkedHashMap<>();
        pipelines.statuses().forEach(status -> all.put(status.pipeline(), StatusView.summary(status)));
        return Map.of("pipelines", all);
    }

    /** One pipeline in full. */
    @ReadOperation
    public @Nullable Map<String, Object> pipeline(@Selector String pipeline) {
        return pipelines.status(pipeline).map(StatusView::full).orElse(null);
    }

    /** A part of it: {@code tables}, {@code wal}, {@code dead-letters}. */
    @ReadOperation
    public @Nullable Map<String, Object> section(@Selector String pipeline, @Selector String section) {
        Optional<PipelineStatus> status = pipelines.status(pipeline);
        return switch (section) {
            case "tables" -> status.map(StatusView::tables).orElse(null);
            case "wal" -> status.map(StatusView::wal).orElse(null);
            case "dead-letters" -> letters(pipeline).map(LetterView::of).orElse(null);
            default -> null;
        };
    }

    /**
     * Brings a pipeline where it shall be: {@code running} (which also starts one that is at its end), {@code paused},
     * {@code stopped}. Returns at once but for {@code stopped}.
     */
    @WriteOperation
    public @Nullable Map<String, Object> order(@Selector String pipeline, String state) {
        Optional<PipelineStatus> status = pipelines.status(pipeline);
        if (status.isEmpty()) {
            return null;
        }
        switch (state) {
            case "running" -> run(pipeline);
            case "paused" -> pause(pipeline, status.get());
            case "stopped" -> pipelines.stop(pipeline);
            default -> throw refused("state must be running, paused or stopped, not '" + state + "'");
        }
        return pipelines.status(pipeline).map(StatusView::full).orElse(null);
    }

    /** One that was paused may be between two sessions, and would hold still in the next. */
    private void run(String pipeline) {
        pipelines.pipeline(pipeline).ifPresent(Pipeline::resume);
        pipelines.startAside(pipeline, Duration.ZERO);
    }

    private void pause(String pipeline, PipelineStatus status) {
        if (status.state() != PipelineState.RUNNING && status.state() != PipelineState.PAUSED) {
            throw refused("a pipeline that is " + status.state() + " cannot be paused");
        }
        pipelines.pause(pipeline);
    }

    /** For {@code dead-letters}: asks that those that wait be applied, of all tables or of one. */
    @WriteOperation
    public @Nullable Map<String, Object> letters(
            @Selector String pipeline, @Selector String section, String action, @Nullable String table) {
        Optional<DeadLetterRequests> letters = section.equals("dead-letters") ? letters(pipeline) : Optional.empty();
        if (letters.isEmpty()) {
            return null;
        }
        if (!action.equals("replay")) {
            throw refused("action must be replay, not '" + action + "'");
        }
        return Map.of("wanted", letters.get().replay(filter(table)));
    }

    private Optional<DeadLetterRequests> letters(String pipeline) {
        return pipelines.pipeline(pipeline).flatMap(Pipeline::deadLetters);
    }

    private static DeadLetterFilter filter(@Nullable String table) {
        if (table == null) {
            return DeadLetterFilter.ALL;
        }
        try {
            return DeadLetterFilter.ALL.ofTable(TableId.parse(table));
        } catch (IllegalArgumentException e) {
            throw refused("table must be schema.table: " + e.getMessage());
        }
    }

    private static InvalidEndpointRequestException refused(String why) {
        return new InvalidEndpointRequestException(why, why);
    }
}
