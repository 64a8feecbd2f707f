// SPDX-License-Identifier: Apache-2.0
package io.philotes.model;

import java.util.Arrays;

/**
 * Counts what a {@link ChangeBatchBuilder} writes, since it last cut a batch off: an addition for each change, nothing else,
 * for the thread that reads the source has no time. Confined to that thread.
 */
final class ChangeTally {

    private static final int FIRST_RELATIONS = 4;

    private int[] byRelation = new int[FIRST_RELATIONS * ChangeCounts.KINDS];
    private long transactions;
    private long largestTransaction;

    /** A relation has got its index; they come in order. */
    void relation(int index) {
        int needed = (index + 1) * ChangeCounts.KINDS;
        if (byRelation.length < needed) {
            byRelation = Arrays.copyOf(byRelation, needed * 2);
        }
    }

    void change(int relation, int kind) {
        byRelation[relation * ChangeCounts.KINDS + kind]++;
    }

    /** A transaction ended that had so many changes, also in earlier batches; one that only told of tables counts for nothing. */
    void transaction(long changes) {
        transactions += changes > 0 ? 1 : 0;
        largestTransaction = Math.max(largestTransaction, changes);
    }

    /** Everything that was counted, less the records that stay in the builder; these count for the next cut. */
    ChangeCounts cut(byte[] rest, int length) {
        int[] cut = byRelation;
        byRelation = new int[length == 0 ? FIRST_RELATIONS * ChangeCounts.KINDS : cut.length];
        for (int at = 0; at < length; at += 4 + BigEndian.getInt(rest, at)) {
            record(rest, at);
        }
        for (int i = 0; length > 0 && i < cut.length; i++) {
            cut[i] -= byRelation[i];
        }
        ChangeCounts counts = new ChangeCounts(cut, transactions, largestTransaction);
        transactions = 0;
        largestTransaction = 0;
        return counts;
    }

    private void record(byte[] bytes, int at) {
        int body = at + 5;
        switch (bytes[at + 4]) {
            case ChangeBatch.INSERT -> change(BigEndian.getInt(bytes, body), ChangeCounts.INSERT);
            case ChangeBatch.UPDATE -> change(BigEndian.getInt(bytes, body), ChangeCounts.UPDATE);
            case ChangeBatch.DELETE -> change(BigEndian.getInt(bytes, body), ChangeCounts.DELETE);
            case ChangeBatch.TRUNCATE -> truncate(bytes, body);
            default -> {} // A Begin or a notice is no change.
        }
    }

    private void truncate(byte[] bytes, int body) {
        for (int i = 0; i < BigEndian.getInt(bytes, body + 1); i++) {
            change(BigEndian.getInt(bytes, body + 5 + 4 * i), ChangeCounts.TRUNCATE);
        }
    }
}
