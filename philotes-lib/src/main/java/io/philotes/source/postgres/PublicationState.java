// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.model.TableId;
import java.util.Set;

/**
 * A publication as {@code pg_publication} shows it. Immutable.
 *
 * @param allTables whether it is FOR ALL TABLES or holds whole schemas, so that single tables cannot be taken out
 * @param allOperations whether inserts, updates, deletes and truncates are published
 * @param viaRoot whether changes of partitions are published as the root's
 * @param members oids of the tables that were added one by one
 * @param published the tables that come out of it
 */
record PublicationState(
        boolean allTables, boolean allOperations, boolean viaRoot, Set<Integer> members, Set<TableId> published) {

    /** Whether every change of a table in it is published, as the root's where there are partitions. */
    boolean publishesAll() {
        return allOperations && viaRoot;
    }
}
