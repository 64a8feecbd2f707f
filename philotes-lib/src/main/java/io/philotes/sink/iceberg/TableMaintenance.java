// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

/**
 * What is done to a table beside its changes. Each step runs on a worker, between two commits of the table, with nothing of
 * it staged or under way, and may commit to it: memory mirrors the head before and after. Failures of its own are its own,
 * logged and tried again some time; it throws only when the table's state in memory is void.
 */
interface TableMaintenance {

    /** Of a table that is left alone. */
    TableMaintenance NONE = new TableMaintenance() {
        @Override
        public boolean isUnderWay() {
            return false;
        }

        @Override
        public boolean isReady() {
            return false;
        }

        @Override
        public void step() {}

        @Override
        public void committed() {}

        @Override
        public void look() {}

        @Override
        public void cancel() {}
    };

    /** Whether something was begun that is not ready yet. */
    boolean isUnderWay();

    /** Whether {@link #step} has something to do now; may be asked often. */
    boolean isReady();

    /** Does what is ready, if anything. */
    void step();

    /** A commit of the table landed: the next {@link #look} is no longer in vain. */
    void committed();

    /** Sees whether there is something to do since the last commit or step, and begins it elsewhere. Quick, may be called often. */
    void look();

    /** Ends whatever is under way elsewhere, by any thread; nothing is begun any more. Does not throw. */
    void cancel();
}
