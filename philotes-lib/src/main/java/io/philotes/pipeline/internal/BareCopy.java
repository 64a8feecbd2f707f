// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.TableId;
import io.philotes.model.TablePicture;
import io.philotes.source.AttachedSource;
import io.philotes.source.CopyRange;
import io.philotes.source.RowConsumer;
import io.philotes.source.SourceIdentity;
import io.philotes.source.TableCopy;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The copy for a sink that wants none: tables that begin at a place, without rows. Immutable.
 *
 * @param consistentPoint where they begin
 * @param tables their definitions
 * @param identity whose place it is
 */
record BareCopy(Lsn consistentPoint, List<TablePicture> tables, Optional<SourceIdentity> identity)
        implements TableCopy {

    /** Of these of the tables that there are, beginning where {@code copy} is. */
    static BareCopy of(Collection<TablePicture> pictures, Set<TableId> wanted, TableCopy copy) {
        return new BareCopy(
                copy.consistentPoint(),
                pictures.stream()
                        .filter(p -> wanted.contains(p.relation().table()))
                        .toList(),
                copy.identity());
    }

    /**
     * Of tables that are published already, beginning now: before, some of their changes may not have been. That is so also of
     * a transaction which is still under way, so they begin where a copy would: all that is older has ended there.
     */
    static BareCopy now(AttachedSource source, Set<TableId> wanted) {
        try (TableCopy copy = source.copy(wanted)) {
            return of(copy.tables(), wanted, copy);
        }
    }

    @Override
    public List<CopyRange> ranges(RelationSchema table, int parallelism) {
        return List.of();
    }

    @Override
    public long read(CopyRange range, RowConsumer rows) {
        return 0;
    }

    @Override
    public void close() {
        // Holds nothing.
    }
}
