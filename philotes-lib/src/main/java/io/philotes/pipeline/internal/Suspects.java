// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.pipeline.VerifyReport;
import io.philotes.sink.DigestedRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Rows of both sides that may differ, by key; those that turn out to be equal go. Confined to one thread. */
final class Suspects {

    /** What both sides have under one key. */
    static final class Pair {

        private final String key;
        private final String name;
        private final List<RowKey> source = new ArrayList<>(1);
        private final List<RowKey> target = new ArrayList<>(1);
        private String sourceValues = "";
        private String targetValues = "";

        private Pair(DigestedRow row) {
            this.key = row.keyText();
            this.name = row.keyName();
        }

        private boolean isEqual() {
            List<RowKey> left = new ArrayList<>(source);
            return source.size() == target.size() && target.stream().allMatch(left::remove);
        }

        /** @param parked names of keys whose changes were set aside */
        VerifyReport.Row difference(Set<String> parked) {
            return new VerifyReport.Row(kind(parked), key, sourceValues, targetValues);
        }

        private VerifyReport.Kind kind(Set<String> parked) {
            if (parked.contains(name)) {
                return VerifyReport.Kind.PARKED;
            }
            if (target.isEmpty()) {
                return VerifyReport.Kind.MISSING;
            }
            return source.isEmpty() ? VerifyReport.Kind.EXTRA : VerifyReport.Kind.DIFFERENT;
        }
    }

    private final Map<RowKey, Pair> pairs = new HashMap<>();
    private final Predicate<DigestedRow> mayDiffer;
    private final boolean withValues;

    Suspects(Predicate<DigestedRow> mayDiffer, boolean withValues) {
        this.mayDiffer = mayDiffer;
        this.withValues = withValues;
    }

    void atSource(DigestedRow row) {
        if (mayDiffer.test(row)) {
            Pair pair = pair(row);
            pair.source.add(new RowKey(row.rowHi(), row.rowLo()));
            pair.sourceValues = withValues ? row.valuesText() : "";
        }
    }

    void inTarget(DigestedRow row) {
        if (mayDiffer.test(row)) {
            Pair pair = pair(row);
            pair.target.add(new RowKey(row.rowHi(), row.rowLo()));
            pair.targetValues = withValues ? row.valuesText() : "";
        }
    }

    private Pair pair(DigestedRow row) {
        return pairs.computeIfAbsent(RowKey.of(row), key -> new Pair(row));
    }

    /** Those that differ, once both sides are complete. */
    Map<RowKey, Pair> differing() {
        pairs.values().removeIf(Pair::isEqual);
        return pairs;
    }
}
