// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import org.apache.iceberg.exceptions.CommitStateUnknownException;

/**
 * The catalog refused a commit, and the table does not show why: the commit may have been made, or be made yet. To Iceberg its
 * outcome is unknown, which is why nothing of it is deleted.
 */
final class DoubtedRefusal extends CommitStateUnknownException {

    private static final long serialVersionUID = 1L;

    private final RuntimeException refusal;

    DoubtedRefusal(RuntimeException refusal) {
        super(refusal);
        this.refusal = refusal;
    }

    /** What the catalog said. */
    RuntimeException refusal() {
        return refusal;
    }
}
