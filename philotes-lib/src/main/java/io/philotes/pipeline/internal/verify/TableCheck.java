// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal.verify;

import io.philotes.error.PhilotesException;
import io.philotes.error.Recovery;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.TupleView;
import io.philotes.pipeline.VerifyRequest;
import io.philotes.sink.DigestedRow;
import io.philotes.sink.RowAudit;
import io.philotes.sink.RowDigester;
import io.philotes.source.CopyRange;
import io.philotes.source.TableCopy;
import java.util.BitSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Compares one table as an exported snapshot shows it with one table snapshot of its target, in streaming passes over both.
 * What it finds may be due to changes between the two moments. Confined to one thread.
 */
final class TableCheck {

    /** Keys of differing buckets that are held in memory at the same time. */
    private static final int MAX_SUSPECTS = 500_000;

    private final RelationSchema relation;
    private final RowAudit audit;
    private final VerifyRequest request;
    private final Lsn at;
    private final boolean targetAhead;
    private Set<RowKey> asked;
    private Map<RowKey, Suspects.Pair> differing = Map.of();
    private long rows;
    private long refused;
    private boolean complete = true;

    /** @param point where the exported snapshot stands; the target has everything up to there */
    TableCheck(RelationSchema relation, RowAudit audit, Lsn point, VerifyRequest request) {
        this.relation = relation;
        this.audit = audit;
        this.request = request;
        this.at = Lsn.max(point, audit.position());
        this.targetAhead = audit.position().isAfter(point);
    }

    /** Compares every row. */
    void all(TableCopy copy) throws InterruptedException {
        BucketSums sums = new BucketSums();
        refused = readSource(copy, sums::atSource);
        audit.scan(sums::inTarget);
        rows = sums.sourceRows();
        BitSet buckets = sums.differing();
        int wanted = buckets.cardinality();
        if (wanted > 0) {
            compare(copy, Suspects.in(buckets, MAX_SUSPECTS, request.withValues()));
        }
        complete = buckets.cardinality() == wanted;
    }

    /** Compares the rows of some keys. */
    void only(TableCopy copy, Set<RowKey> keys) throws InterruptedException {
        asked = keys;
        compare(copy, Suspects.of(keys, request.withValues()));
    }

    private void compare(TableCopy copy, Suspects suspects) throws InterruptedException {
        refused = readSource(copy, suspects::atSource);
        audit.scan(suspects::inTarget);
        differing = suspects.differing();
    }

    /** Returns how many rows the target cannot hold and has no key for: they are not compared. */
    private long readSource(TableCopy copy, Consumer<DigestedRow> consumer) throws InterruptedException {
        RowDigester digester = audit.digester(relation);
        long[] unknown = new long[1];
        for (CopyRange range : copy.ranges(relation, 1)) {
            copy.read(range, tuple -> digested(digester, tuple).ifPresentOrElse(consumer::accept, () -> unknown[0]++));
        }
        return unknown[0];
    }

    /** The whole row; the key alone, when the target cannot hold the row. */
    private static Optional<DigestedRow> digested(RowDigester digester, TupleView tuple) {
        return fitting(() -> digester.digest(tuple)).or(() -> fitting(() -> digester.digestKey(tuple)));
    }

    private static Optional<DigestedRow> fitting(Supplier<DigestedRow> digest) {
        try {
            return Optional.of(digest.get());
        } catch (PhilotesException e) {
            if (e.recovery() != Recovery.DEAD_LETTER) {
                throw e;
            }
            return Optional.empty();
        }
    }

    RelationSchema relation() {
        return relation;
    }

    RowDigester digester(RelationSchema version) {
        return audit.digester(version);
    }

    /** The keys that were compared; empty when every one was. */
    Optional<Set<RowKey>> asked() {
        return Optional.ofNullable(asked);
    }

    /** Whether the target stood behind the snapshot, so that rows may have changed between the two. */
    boolean isTargetAhead() {
        return targetAhead;
    }

    /** Where the target was read. */
    Lsn at() {
        return at;
    }

    /** Keys whose rows differ, be it because they changed meanwhile. */
    Map<RowKey, Suspects.Pair> differing() {
        return differing;
    }

    long rows() {
        return rows;
    }

    long refused() {
        return refused;
    }

    /** Whether every bucket that differs was looked into. */
    boolean isComplete() {
        return complete;
    }
}
