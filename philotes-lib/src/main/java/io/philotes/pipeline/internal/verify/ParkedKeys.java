// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal.verify;

import io.philotes.dlq.DeadLetter;
import io.philotes.dlq.DeadLetterFilter;
import io.philotes.dlq.DeadLetterQueue;
import io.philotes.dlq.DeadLetterState;
import io.philotes.model.TableId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The keys of one sink whose changes were set aside, as it names them. Thread-safe, as the queue is. */
record ParkedKeys(Optional<DeadLetterQueue> queue, String sink) {

    private static final int PAGE = 500;

    Map<TableId, Set<String>> of(Set<TableId> tables) {
        Map<TableId, Set<String>> keys = new HashMap<>();
        queue.ifPresent(letters -> tables.forEach(table -> keys.put(table, of(letters, table))));
        return keys;
    }

    private Set<String> of(DeadLetterQueue letters, TableId table) {
        DeadLetterFilter filter =
                DeadLetterFilter.ALL.ofSink(sink).ofTable(table).in(DeadLetterState.BLOCKING);
        Set<String> keys = new HashSet<>();
        Optional<DeadLetter.Id> after = Optional.empty();
        List<DeadLetter> page;
        do {
            page = letters.list(filter, after, PAGE);
            page.forEach(letter -> keys.addAll(letter.keys()));
            after = page.isEmpty()
                    ? Optional.empty()
                    : Optional.of(page.get(page.size() - 1).id());
        } while (page.size() == PAGE);
        return keys;
    }
}
