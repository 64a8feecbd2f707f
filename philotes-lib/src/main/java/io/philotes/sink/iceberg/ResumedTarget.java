// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.sink.SinkContext;
import java.util.List;
import org.apache.iceberg.Table;

/**
 * A table that goes on. Immutable but for its target.
 *
 * @param target the table
 * @param committed its own position
 * @param divergences why it may differ from its source, as far as it says so itself
 */
record ResumedTarget(TargetTable target, Lsn committed, List<String> divergences) {

    /** Looks the table up; throws why it cannot go on. */
    static ResumedTarget of(RelationSchema relation, TargetOpener opener, SinkContext context) {
        Table table = opener.find(relation.table())
                .orElseThrow(() -> new PhilotesException(
                                ErrorCode.TABLE_ROLLED_BACK, "Cannot resume: the target does not exist")
                        .inTable(relation.table()));
        TargetTable target = opener.open(relation.table(), table, context);
        target.requireColumns();
        Parking.requireKept(target);
        Lsn committed = target.provenPosition()
                .orElseThrow(() -> new PhilotesException(
                                ErrorCode.TABLE_ROLLED_BACK, "Cannot resume: the target was never loaded")
                        .inTable(relation.table()));
        return new ResumedTarget(target, committed, target.knownDivergences());
    }
}
