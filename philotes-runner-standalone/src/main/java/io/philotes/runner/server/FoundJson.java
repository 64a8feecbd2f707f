// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import io.philotes.source.postgres.FoundTable;
import java.util.List;
import java.util.Locale;

/** A table that was found, for programs. Immutable. */
public record FoundJson(
        String table,
        boolean partitioned,
        Long estimatedRows,
        long bytes,
        List<String> primaryKey,
        String replicaIdentity,
        String suggestedMode,
        boolean ready,
        String note,
        String fix) {

    /** With how it would best be mirrored. */
    public static FoundJson of(FoundTable found) {
        Suggested suggested = Suggested.of(found);
        return new FoundJson(
                found.table().toString(),
                found.partitioned(),
                found.size().rows() < 0 ? null : found.size().rows(),
                found.size().bytes(),
                found.primaryKey(),
                found.identity().name().toLowerCase(Locale.ROOT),
                suggested.mode().name().toLowerCase(Locale.ROOT),
                suggested.ready(),
                suggested.note().isEmpty() ? null : suggested.note(),
                suggested.fix().isEmpty() ? null : suggested.fix());
    }
}
