// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.result;

import java.util.Arrays;
import java.util.Collection;

/** Figures of several repetitions: the middle one, and the outermost. Immutable. */
public record Spread(double median, double least, double greatest) {

    /** @param figures at least one */
    public static Spread of(Collection<Double> figures) {
        double[] sorted =
                figures.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("no figure");
        }
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], Arrays.stream(sorted).max().getAsDouble());
    }
}
