// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal.verify;

import io.philotes.pipeline.VerifyReport;
import io.philotes.sink.DigestedRow;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Rows of both sides that may differ, by key; those that turn out to be equal go. A key costs the same however many rows have
 * it, and there are never more than so many keys, unless one bucket alone has more. Confined to one thread.
 */
final class Suspects {

    /** What both sides have under one key: two multisets of rows as sums of their hashes, as in {@link BucketSums}. */
    static final class Pair {

        private final String key;
        private final String name;
        private long source;
        private long target;
        private long hi;
        private long lo;
        private String sourceValues = "";
        private String targetValues = "";

        private Pair(DigestedRow row) {
            this.key = row.keyText();
            this.name = row.keyName();
        }

        private void atSource(DigestedRow row) {
            source++;
            hi += row.rowHi();
            lo += row.rowLo();
        }

        private void inTarget(DigestedRow row) {
            target++;
            hi -= row.rowHi();
            lo -= row.rowLo();
        }

        private boolean isEqual() {
            return source == target && hi == 0 && lo == 0;
        }

        /** @param parked names of keys whose changes were set aside */
        VerifyReport.Row difference(Set<String> parked) {
            return new VerifyReport.Row(kind(parked), key, sourceValues, targetValues);
        }

        private VerifyReport.Kind kind(Set<String> parked) {
            if (parked.contains(name)) {
                return VerifyReport.Kind.PARKED;
            }
            if (target == 0) {
                return VerifyReport.Kind.MISSING;
            }
            return source == 0 ? VerifyReport.Kind.EXTRA : VerifyReport.Kind.DIFFERENT;
        }
    }

    private final Map<RowKey, Pair> pairs = new HashMap<>();
    private final Predicate<RowKey> mayDiffer;
    private final BitSet buckets;
    private final int maxKeys;
    private final boolean withValues;

    private Suspects(Predicate<RowKey> mayDiffer, BitSet buckets, int maxKeys, boolean withValues) {
        this.mayDiffer = mayDiffer;
        this.buckets = buckets;
        this.maxKeys = maxKeys;
        this.withValues = withValues;
    }

    /**
     * The rows in these buckets; in fewer of them, when they hold more keys than so many.
     *
     * @param buckets loses those that are not looked into
     */
    static Suspects in(BitSet buckets, int maxKeys, boolean withValues) {
        return new Suspects(key -> buckets.get(BucketSums.bucket(key.lo())), buckets, maxKeys, withValues);
    }

    /** The rows with these keys. */
    static Suspects of(Set<RowKey> keys, boolean withValues) {
        return new Suspects(keys::contains, new BitSet(), Integer.MAX_VALUE, withValues);
    }

    void atSource(DigestedRow row) {
        RowKey key = RowKey.of(row);
        if (mayDiffer.test(key)) {
            Pair pair = pair(key, row);
            pair.atSource(row);
            if (withValues && pair.sourceValues.isEmpty()) {
                pair.sourceValues = row.valuesText();
            }
            letGoOfSome();
        }
    }

    void inTarget(DigestedRow row) {
        RowKey key = RowKey.of(row);
        if (mayDiffer.test(key)) {
            Pair pair = pair(key, row);
            pair.inTarget(row);
            if (withValues && pair.targetValues.isEmpty()) {
                pair.targetValues = row.valuesText();
            }
            letGoOfSome();
        }
    }

    private Pair pair(RowKey key, DigestedRow row) {
        return pairs.computeIfAbsent(key, absent -> new Pair(row));
    }

    /** Whole buckets go, so that of a key that stays every row is known; and half of them, so that it happens rarely. */
    private void letGoOfSome() {
        while (pairs.size() > maxKeys && buckets.cardinality() > 1) {
            int keep = buckets.cardinality() / 2;
            int end = buckets.nextSetBit(0);
            for (int i = 0; i < keep; i++) {
                end = buckets.nextSetBit(end + 1);
            }
            buckets.clear(end, buckets.length());
            pairs.keySet().removeIf(mayDiffer.negate());
        }
    }

    /** Those that differ, once both sides are complete. */
    Map<RowKey, Pair> differing() {
        pairs.values().removeIf(Pair::isEqual);
        return pairs;
    }
}
