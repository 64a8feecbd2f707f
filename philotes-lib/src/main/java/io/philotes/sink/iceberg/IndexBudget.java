// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.TableId;
import java.util.HashMap;
import java.util.Map;

/** What the row indexes of all tables take, within a limit. Thread-safe: tables commit in parallel. */
final class IndexBudget {

    private final long limitBytes;
    private final Map<TableId, Long> used = new HashMap<>();

    IndexBudget(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** Notes what one table's index takes now; throws OVER_BUDGET when all together take too much. */
    synchronized void use(TableId table, long bytes) {
        used.put(table, bytes);
        long total = used.values().stream().mapToLong(Long::longValue).sum();
        if (total > limitBytes) {
            throw new PhilotesException(
                            ErrorCode.OVER_BUDGET,
                            "Cannot index the rows of all tables: they need " + total + " bytes or more, the limit is "
                                    + limitBytes)
                    .inTable(table);
        }
    }

    synchronized void release(TableId table) {
        used.remove(table);
    }
}
