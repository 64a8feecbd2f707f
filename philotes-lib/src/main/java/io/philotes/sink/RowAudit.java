// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink;

import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import java.util.function.Consumer;

/** One target's rows as of one moment, in a form that can be compared with the source's. Confined to one thread. */
public interface RowAudit {

    /** The rows are those of the source when everything that ends at or before this position was done, and nothing else. */
    Lsn position();

    /**
     * For rows of the source in this relation version.
     *
     * @throws io.philotes.error.PhilotesException when the target does not have its columns
     */
    RowDigester digester(RelationSchema version);

    /**
     * Reads every live row as any reader of the target sees it; may be called again, and gives the same then.
     *
     * @throws io.philotes.error.PhilotesException when the storage fails
     */
    void scan(Consumer<DigestedRow> rows);
}
