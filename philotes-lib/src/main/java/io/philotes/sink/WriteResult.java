// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink;

import java.util.List;

/**
 * What came of writing a batch. Immutable.
 *
 * @param rejections rows that can never be written, and tables that cannot go on; at most one per table
 * @param divergences tables for which the stream showed that source and target differ, with the reason
 */
public record WriteResult(List<Rejection> rejections, List<Divergence> divergences) {

    /** Everything went well. */
    public static final WriteResult CLEAN = new WriteResult(List.of(), List.of());

    public WriteResult {
        rejections = List.copyOf(rejections);
        divergences = List.copyOf(divergences);
    }

    public boolean isClean() {
        return rejections.isEmpty() && divergences.isEmpty();
    }
}
