// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.workload;

import java.math.BigDecimal;

/**
 * What is compared of one column. Immutable; equal when the numbers are, whatever their scale.
 *
 * @param count values that are not NULL
 * @param sum of their numbers; zero when there is none
 * @param least the least number; zero when there is none
 * @param greatest the greatest number; zero when there is none
 */
public record ColumnTally(long count, BigDecimal sum, BigDecimal least, BigDecimal greatest) {

    public ColumnTally {
        sum = sum.stripTrailingZeros();
        least = least.stripTrailingZeros();
        greatest = greatest.stripTrailingZeros();
    }
}
