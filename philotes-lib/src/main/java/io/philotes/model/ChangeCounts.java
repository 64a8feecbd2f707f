// SPDX-License-Identifier: Apache-2.0
package io.philotes.model;

/**
 * How many changes of which kind a batch holds, as its builder counted them on the way: for those who watch, who then need not
 * walk through the records. Immutable.
 */
public final class ChangeCounts {

    /** Of a batch that is empty, or was not counted. */
    public static final ChangeCounts NONE = new ChangeCounts(new int[0], 0, 0);

    static final int INSERT = 0;
    static final int UPDATE = 1;
    static final int DELETE = 2;
    static final int TRUNCATE = 3;

    /** Numbers that each relation has in an array of counts. */
    static final int KINDS = 4;

    private final int[] byRelation;
    private final long transactions;
    private final long largestTransaction;

    /** @param byRelation {@link #KINDS} numbers for each relation; kept as it is */
    ChangeCounts(int[] byRelation, long transactions, long largestTransaction) {
        this.byRelation = byRelation;
        this.transactions = transactions;
        this.largestTransaction = largestTransaction;
    }

    /** Inserts of rows of {@code batch.relations().get(relation)}. */
    public int inserts(int relation) {
        return of(relation, INSERT);
    }

    /** Updates of its rows. */
    public int updates(int relation) {
        return of(relation, UPDATE);
    }

    /** Deletes of its rows. */
    public int deletes(int relation) {
        return of(relation, DELETE);
    }

    /** TRUNCATEs that name it; one that names several tables counts for each. */
    public int truncates(int relation) {
        return of(relation, TRUNCATE);
    }

    private int of(int relation, int kind) {
        int at = relation * KINDS + kind;
        return at < byRelation.length ? byRelation[at] : 0;
    }

    /** Transactions with changes that end in the batch. */
    public long transactions() {
        return transactions;
    }

    /** Changes of the largest transaction that ends in the batch, those in earlier batches too; a TRUNCATE is one change. */
    public long largestTransaction() {
        return largestTransaction;
    }
}
