// SPDX-License-Identifier: Apache-2.0
package io.philotes.readers;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * What an engine saw.
 *
 * @param lines its answers: {@code table}, {@code kind} and {@code row} each
 */
record Seen(List<JsonNode> lines) {

    /** The rows of one kind that it saw of a table. */
    List<JsonNode> of(String kind, String table) {
        return lines.stream()
                .filter(l -> l.get("kind").asText().equals(kind)
                        && l.get("table").asText().equals(table))
                .map(l -> l.get("row"))
                .toList();
    }
}
