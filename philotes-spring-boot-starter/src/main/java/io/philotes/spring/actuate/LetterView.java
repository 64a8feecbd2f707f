// SPDX-License-Identifier: Apache-2.0
package io.philotes.spring.actuate;

import io.philotes.dlq.DeadLetter;
import io.philotes.dlq.DeadLetterFilter;
import io.philotes.dlq.DeadLetterRequests;
import io.philotes.dlq.DeadLetterState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A pipeline's dead letters without anything of the rows: their keys are the customer's data. */
final class LetterView {

    /** What one answer holds at most. */
    private static final int MOST = 100;

    private LetterView() {}

    static Map<String, Object> of(DeadLetterRequests letters) {
        Map<String, Object> states = new LinkedHashMap<>();
        for (DeadLetterState state : DeadLetterState.values()) {
            long count = letters.count(DeadLetterFilter.ALL.in(Set.of(state)));
            if (count > 0) {
                states.put(state.name(), count);
            }
        }
        List<DeadLetter> first = letters.list(DeadLetterFilter.ALL, Optional.empty(), MOST);
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("count", letters.count(DeadLetterFilter.ALL));
        view.put("states", states);
        view.put("first", first.stream().map(LetterView::letter).toList());
        return view;
    }

    private static Map<String, Object> letter(DeadLetter letter) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("sink", letter.id().sink());
        view.put("table", letter.id().table().toString());
        view.put("at", letter.id().at().toString());
        view.put("state", letter.state().name());
        view.put("code", letter.code());
        view.put("reason", letter.reason());
        view.put("parkedAt", letter.parkedAt().toString());
        view.put("attempts", letter.attempts());
        return view;
    }
}
