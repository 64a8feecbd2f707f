// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.exceptions.CommitStateUnknownException;

/**
 * The catalog refused a commit, and the table does not show why: the commit may have been made, or be made yet. To Iceberg its
 * outcome is unknown, which is why nothing of it is deleted.
 */
final class DoubtedRefusal extends CommitStateUnknownException {

    private static final long serialVersionUID = 1L;

    private final RuntimeException refusal;
    private final TableMetadata base;
    private final TableMetadata sent;

    /** {@code sent} is what the table was to have in the place of {@code base}. */
    DoubtedRefusal(RuntimeException refusal, TableMetadata base, TableMetadata sent) {
        super(refusal);
        this.refusal = refusal;
        this.base = base;
        this.sent = sent;
    }

    /** What the catalog said. */
    RuntimeException refusal() {
        return refusal;
    }

    /** Deletes its manifests when the table shows meanwhile that it never lands; false when it does not. */
    boolean discard(TargetTable target) {
        TableMetadata now = ((HasTableOperations) target.table()).operations().current();
        boolean isOutrun = CertainOperations.isOutrun(sent.currentSnapshot(), now);
        if (isOutrun) {
            new PreparedCommit(target.name(), base, sent).discard(target.table().io());
        }
        return isOutrun;
    }
}
