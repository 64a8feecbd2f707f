// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.letters;

import io.philotes.dlq.DeadLetterFilter;
import io.philotes.dlq.DeadLetterState;
import io.philotes.model.TableId;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Filters as texts: parameters of an address, keys of a body, options of a command. Stateless. */
public final class LetterQuery {

    private static final String STATE = "state";

    /** The names, each with one value or none but for {@code state}, which may be there several times. */
    public static final Set<String> NAMES = Set.of("sink", "table", "code", "at", STATE);

    private LetterQuery() {}

    /** @throws IllegalArgumentException for a value that makes no sense, and for more values than a name takes */
    public static DeadLetterFilter filter(Map<String, List<String>> values) {
        DeadLetterFilter filter = DeadLetterFilter.ALL;
        for (Map.Entry<String, List<String>> entry : values.entrySet()) {
            requireOne(entry.getKey(), entry.getValue());
            for (String value : entry.getValue()) {
                filter = switch (entry.getKey()) {
                    case "sink" -> filter.ofSink(value);
                    case "table" -> filter.ofTable(TableId.parse(value));
                    case "code" -> filter.withCode(value.toUpperCase(Locale.ROOT));
                    case "at" -> filter.at(LetterToken.place(value));
                    case STATE -> filter.in(with(filter.states(), value));
                    default -> throw new IllegalArgumentException("there is no filter '" + entry.getKey() + "'");
                };
            }
        }
        return filter;
    }

    /** Of several values the last alone would count, and what was asked of the others would not be done. */
    private static void requireOne(String name, List<String> values) {
        if (values.size() > 1 && !name.equals(STATE)) {
            throw new IllegalArgumentException("one " + name + " at a time, not " + values.size());
        }
    }

    private static Set<DeadLetterState> with(Set<DeadLetterState> states, String more) {
        EnumSet<DeadLetterState> all = EnumSet.noneOf(DeadLetterState.class);
        all.addAll(states);
        try {
            all.add(DeadLetterState.valueOf(more.toUpperCase(Locale.ROOT)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "there is no state '" + more + "': it is one of " + Arrays.toString(DeadLetterState.values()), e);
        }
        return all;
    }
}
