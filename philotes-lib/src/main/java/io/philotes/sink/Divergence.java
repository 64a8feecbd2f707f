// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink;

import io.philotes.model.TableId;
import java.util.Objects;

/**
 * A sign that source and target differ. Immutable.
 *
 * @param table the table
 * @param reason what was seen
 */
public record Divergence(TableId table, String reason) {

    public Divergence {
        Objects.requireNonNull(table, "table");
        Objects.requireNonNull(reason, "reason");
    }
}
