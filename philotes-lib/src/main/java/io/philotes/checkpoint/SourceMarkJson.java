// SPDX-License-Identifier: Apache-2.0
package io.philotes.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.philotes.model.Incarnation;
import io.philotes.model.SourceMark;
import io.philotes.model.TimelinePath;
import java.util.Optional;

/** The part of a checkpoint's JSON by which the source is known again; see {@link CheckpointJson}. Stateless. */
final class SourceMarkJson {

    private static final String FIELD = "source";

    private SourceMarkJson() {}

    static void write(SourceMark mark, ObjectNode body) {
        ObjectNode node = body.putObject(FIELD);
        if (mark.timelines().isKnown()) {
            node.put("timelines", mark.timelines().toString());
        }
        node.put("database", mark.database());
        node.put("publication", mark.publication());
        mark.incarnation().ifPresent(incarnation -> {
            node.put("incarnation", incarnation.id());
            node.put("counter", incarnation.counter());
        });
    }

    /** @throws IllegalArgumentException when a field that is there is not what it should be */
    static SourceMark read(String systemId, JsonNode body) {
        JsonNode node = body.path(FIELD);
        Optional<Incarnation> incarnation = node.has("incarnation")
                ? Optional.of(new Incarnation(
                        node.get("incarnation").asText(), node.path("counter").asLong()))
                : Optional.empty();
        TimelinePath timelines =
                node.has("timelines") ? TimelinePath.parse(node.get("timelines").asText()) : TimelinePath.UNKNOWN;
        return new SourceMark(
                systemId,
                timelines,
                node.path("database").asLong(),
                node.path("publication").asLong(),
                incarnation);
    }
}
