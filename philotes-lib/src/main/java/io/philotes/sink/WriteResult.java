// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink;

import io.philotes.model.SequenceNumber;
import io.philotes.model.TableId;
import java.util.List;
import java.util.Map;

/**
 * What came of writing a batch. Immutable.
 *
 * @param rejections rows that can never be written, and tables that cannot go on; at most one per table
 * @param divergences tables for which the stream showed that source and target differ, with the reason
 * @param parked rows that were set aside, in the order of their changes; none of a table with a rejection
 * @param voided tables that the next commit empties, with the place: what was set aside of them before it is void then
 */
public record WriteResult(
        List<Rejection> rejections,
        List<Divergence> divergences,
        List<ParkedRow> parked,
        Map<TableId, SequenceNumber> voided) {

    /** Everything went well. */
    public static final WriteResult CLEAN = new WriteResult(List.of(), List.of());

    public WriteResult {
        rejections = List.copyOf(rejections);
        divergences = List.copyOf(divergences);
        parked = List.copyOf(parked);
        voided = Map.copyOf(voided);
    }

    /** Without rows set aside. */
    public WriteResult(List<Rejection> rejections, List<Divergence> divergences) {
        this(rejections, divergences, List.of(), Map.of());
    }

    /** Whether every change was taken and nothing was seen that somebody should know. */
    public boolean isClean() {
        return rejections.isEmpty() && divergences.isEmpty() && parked.isEmpty();
    }
}
