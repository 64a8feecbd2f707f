// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal.verify;

import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.TableId;
import io.philotes.pipeline.VerifyReport;
import io.philotes.pipeline.VerifyReport.Verdict;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the rounds found out of one table. Confined to one thread. */
final class TableTally {

    private final TableId table;
    private final String sink;
    private final int maxListed;
    private final Map<VerifyReport.Kind, Long> counts = new EnumMap<>(VerifyReport.Kind.class);
    private final List<VerifyReport.Row> examples = new ArrayList<>();
    private RelationSchema shape;
    private Set<RowKey> undecided;
    private Lsn lsn = Lsn.ZERO;
    private long rows;
    private long refused;
    private boolean complete = true;

    TableTally(TableId table, String sink, int maxListed) {
        this.table = table;
        this.sink = sink;
        this.maxListed = maxListed;
    }

    /**
     * The keys of which nothing is known yet; empty when that is every row. So it is before the first round, and again when
     * the definition changed since: where rows are their own keys, a key that was noted before means none of them now.
     *
     * @param now the table as the next round compares it
     */
    Optional<Set<RowKey>> undecided(RelationSchema now) {
        return now.equals(shape) ? Optional.of(undecided) : Optional.empty();
    }

    boolean isDecided() {
        return undecided != null && undecided.isEmpty();
    }

    /**
     * @param changed those that changed between the two moments
     * @param allNamed whether {@code changed} has every one
     * @param parked names of keys whose changes were set aside
     */
    void take(TableCheck check, Set<RowKey> changed, boolean allNamed, Set<String> parked) {
        if (check.asked().isEmpty()) {
            begin(check);
            complete = check.isComplete() && allNamed;
        }
        refused = check.refused();
        lsn = check.at();
        undecided = Set.copyOf(changed);
        check.differing().forEach((key, pair) -> {
            if (!changed.contains(key)) {
                add(pair.difference(parked));
            }
        });
    }

    private void begin(TableCheck check) {
        shape = check.relation();
        rows = check.rows();
        counts.clear();
        examples.clear();
    }

    private void add(VerifyReport.Row difference) {
        counts.merge(difference.kind(), 1L, Long::sum);
        if (examples.size() < maxListed) {
            examples.add(difference);
        }
    }

    VerifyReport.Table report() {
        return new VerifyReport.Table(
                table,
                sink,
                verdict(),
                lsn,
                rows,
                count(VerifyReport.Kind.MISSING),
                count(VerifyReport.Kind.EXTRA),
                count(VerifyReport.Kind.DIFFERENT),
                count(VerifyReport.Kind.PARKED),
                undecided == null ? 0 : undecided.size(),
                refused,
                complete,
                examples,
                reason());
    }

    /** Rows that the target cannot hold are not there, though without a key nobody can say which are missing. */
    private Verdict verdict() {
        if (!counts.isEmpty() || refused > 0) {
            return Verdict.DIFFERENT;
        }
        return isDecided() && complete ? Verdict.EQUAL : Verdict.UNDECIDED;
    }

    private long count(VerifyReport.Kind kind) {
        return counts.getOrDefault(kind, 0L);
    }

    private String reason() {
        List<String> reasons = new ArrayList<>();
        if (!complete) {
            reasons.add("more rows differ, or changed meanwhile, than could be looked at one by one");
        }
        if (undecided != null && !undecided.isEmpty()) {
            reasons.add(undecided.size() + " rows changed while they were compared, every time");
        }
        if (refused > 0) {
            reasons.add("the target cannot hold " + refused + " rows of the source");
        }
        return String.join("; ", reasons);
    }
}
