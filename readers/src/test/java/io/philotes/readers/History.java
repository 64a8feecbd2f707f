// SPDX-License-Identifier: Apache-2.0
package io.philotes.readers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What the reader of a table in append mode does with its rows. */
final class History {

    private static final Comparator<JsonNode> IN_ORDER = Comparator.comparing(
                    (JsonNode row) -> row.get("_cdc_lsn").asText())
            .thenComparingLong(row -> row.get("_cdc_ordinal").asLong(-1));

    private History() {}

    /** The rows that the changes leave, by a key that no change moves. */
    static List<JsonNode> replay(List<JsonNode> changes, String key) {
        Map<String, JsonNode> rows = new LinkedHashMap<>();
        changes.stream().sorted(IN_ORDER).forEach(change -> {
            String id = change.get(key).asText();
            switch (change.get("_cdc_operation").asText()) {
                case "insert" -> rows.put(id, change);
                case "update" -> rows.put(id, completed(change, rows.get(id)));
                case "delete" -> rows.remove(id);
                default -> rows.clear();
            }
        });
        return List.copyOf(rows.values());
    }

    private static JsonNode completed(JsonNode change, JsonNode before) {
        ObjectNode row = change.deepCopy();
        for (JsonNode name : change.get("_cdc_unchanged")) {
            row.set(name.asText(), before.get(name.asText()));
        }
        return row;
    }

    static Map<String, Long> operations(List<JsonNode> changes) {
        return changes.stream()
                .collect(Collectors.groupingBy(c -> c.get("_cdc_operation").asText(), Collectors.counting()));
    }
}
