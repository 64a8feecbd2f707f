// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline;

import java.util.List;
import java.util.Objects;

/**
 * What a teardown did. Immutable.
 *
 * @param pipeline the pipeline's name
 * @param removed what is gone now, in words
 * @param left what is still there and does harm, such as a slot that keeps WAL, with what removes it; empty when all is done
 */
public record TeardownReport(String pipeline, List<String> removed, List<String> left) {

    public TeardownReport {
        Objects.requireNonNull(pipeline, "pipeline");
        removed = List.copyOf(removed);
        left = List.copyOf(left);
    }

    /** Whether nothing is left to do. */
    public boolean isComplete() {
        return left.isEmpty();
    }
}
