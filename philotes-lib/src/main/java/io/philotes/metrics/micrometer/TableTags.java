// SPDX-License-Identifier: Apache-2.0
package io.philotes.metrics.micrometer;

import io.philotes.model.TableId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps the number of tag values bounded. Thread-safe; under contention a few more than the limit may get through. */
final class TableTags {

    static final int DEFAULT_LIMIT = 200;

    static final String OTHER = "__other__";

    private final int limit;
    private final Map<TableId, String> known = new ConcurrentHashMap<>();

    TableTags(int limit) {
        this.limit = limit;
    }

    String tag(TableId table) {
        String tag = known.get(table);
        if (tag != null) {
            return tag;
        }
        return known.size() < limit ? known.computeIfAbsent(table, TableId::toString) : OTHER;
    }
}
