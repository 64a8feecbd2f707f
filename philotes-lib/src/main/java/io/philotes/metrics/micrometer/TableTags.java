// SPDX-License-Identifier: Apache-2.0
package io.philotes.metrics.micrometer;

import io.philotes.model.TableId;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps the number of tag values bounded. Thread-safe; under contention a few more than the limit may get through. */
final class TableTags {

    static final int DEFAULT_LIMIT = 200;

    private static final String OTHER = "__other__";

    private final int limit;
    private final Set<TableId> known = ConcurrentHashMap.newKeySet();

    TableTags(int limit) {
        this.limit = limit;
    }

    String tag(TableId table) {
        if (known.contains(table)) {
            return table.toString();
        }
        return known.size() < limit && known.add(table) ? table.toString() : OTHER;
    }
}
