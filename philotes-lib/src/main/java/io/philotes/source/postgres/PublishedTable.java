// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.model.TableId;
import java.util.Optional;
import java.util.Set;

/**
 * A row of {@code pg_publication_tables}. Immutable.
 *
 * @param table which table
 * @param columns the published columns' names; empty on PostgreSQL 14, which publishes all that are not generated
 * @param rowFilter the condition that rows must meet to be published
 */
record PublishedTable(TableId table, Optional<Set<String>> columns, Optional<String> rowFilter) {

    boolean publishes(CatalogColumn column) {
        return !column.dropped()
                && columns.map(names -> names.contains(column.name())).orElse(!column.generated());
    }
}
