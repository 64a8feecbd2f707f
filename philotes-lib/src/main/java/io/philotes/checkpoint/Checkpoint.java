// SPDX-License-Identifier: Apache-2.0
package io.philotes.checkpoint;

import io.philotes.model.Lsn;
import io.philotes.model.SourceMark;
import io.philotes.model.TableId;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * How far a pipeline is. Immutable.
 *
 * @param pipelineId random and stable identity of the pipeline, written into every table it owns
 * @param epoch rises by one with every start; a smaller one is a zombie
 * @param source by what the source is known again, so that another server, or another past of it, is noticed
 * @param slot the slot's name
 * @param coveredUpTo nothing that ends at or before it is missing in any table that is not behind
 * @param tables each table's progress, by name
 */
public record Checkpoint(
        String pipelineId,
        long epoch,
        SourceMark source,
        String slot,
        Lsn coveredUpTo,
        Map<TableId, TableProgress> tables) {

    public Checkpoint {
        Objects.requireNonNull(pipelineId, "pipelineId");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(slot, "slot");
        Objects.requireNonNull(coveredUpTo, "coveredUpTo");
        tables = Collections.unmodifiableMap(new TreeMap<>(tables));
    }

    /** Of a source that is known by its system identifier alone. */
    public Checkpoint(
            String pipelineId,
            long epoch,
            String systemId,
            String slot,
            Lsn coveredUpTo,
            Map<TableId, TableProgress> tables) {
        this(pipelineId, epoch, SourceMark.ofSystem(systemId), slot, coveredUpTo, tables);
    }

    /** The end of everything that came from the source as it is known here: a table may be ahead of the others. */
    public Lsn heldUpTo() {
        return tables.values().stream().map(TableProgress::heldUpTo).reduce(coveredUpTo, Lsn::max);
    }

    /** The source's system identifier; empty when unknown. */
    public String systemId() {
        return source.systemId();
    }

    /** Whether a store may put this one in the place of {@code stored}. */
    public boolean supersedes(Checkpoint stored) {
        return epoch > stored.epoch || (epoch == stored.epoch && !coveredUpTo.isBefore(stored.coveredUpTo));
    }
}
