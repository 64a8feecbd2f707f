// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.error.ErrorCode;
import io.philotes.health.Finding;
import io.philotes.model.ReplicaIdentity;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a check finds about the columns of a table that are not published: generated ones, or those outside a list. Immutable. */
final class PublishedChecks {

    /** From here on an update fails at the source when its replica identity is not published as a whole. */
    private static final int FIRST_WITH_GENERATED = 18;

    private final CatalogTable table;
    private final PublishedTable published;
    private final int major;

    PublishedChecks(CatalogTable table, PublishedTable published, int major) {
        this.table = table;
        this.published = published;
        this.major = major;
    }

    /** Why changes would come without what identifies the row. */
    Optional<Finding> identity() {
        String absent = names(unpublished().stream()
                .filter(column -> table.key().contains(column.attnum()))
                .toList());
        if (table.identity() != ReplicaIdentity.FULL && !absent.isEmpty()) {
            return error("of its key these columns are not published: " + absent);
        }
        String all = names(unpublished());
        boolean fails = major >= FIRST_WITH_GENERATED || unpublished().stream().anyMatch(c -> !c.generated());
        if (table.identity() == ReplicaIdentity.FULL && !all.isEmpty() && fails) {
            return error("its replica identity is FULL, and these columns are not published: " + all
                    + "; its updates and deletes fail at the source");
        }
        return Optional.empty();
    }

    /** For people: the columns that the mirror will not have; empty for none. */
    String notMirrored() {
        return names(unpublished());
    }

    private List<CatalogColumn> unpublished() {
        return table.columns().stream()
                .filter(column -> !column.dropped() && !published.publishes(column))
                .toList();
    }

    private static String names(List<CatalogColumn> columns) {
        return columns.stream()
                .map(column -> column.name() + (column.generated() ? " (generated)" : ""))
                .collect(Collectors.joining(", "));
    }

    private Optional<Finding> error(String message) {
        return Optional.of(Finding.error(
                ErrorCode.NO_IDENTITY,
                table.id().toString(),
                message,
                "publish them, or choose a replica identity without them: ALTER TABLE "
                        + table.id().toSql() + " REPLICA IDENTITY USING INDEX …;"));
    }
}
