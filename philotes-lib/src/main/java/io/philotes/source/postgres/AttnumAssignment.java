// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * Finds which attribute number each column of a Relation message has, when the message does not say: columns are sent in
 * ascending order of their numbers, so an assignment rises strictly. Only an assignment without alternative is an answer.
 */
final class AttnumAssignment {

    private static final int MANY = 2;

    private final List<IntPredicate> allowed;
    private final int highest;
    private final int[][] ways;

    private AttnumAssignment(List<IntPredicate> allowed, int highest) {
        this.allowed = allowed;
        this.highest = highest;
        this.ways = new int[allowed.size() + 1][highest + 2];
    }

    /** The only rising assignment of numbers up to {@code highest} that each column allows; empty if none or several. */
    static Optional<int[]> only(List<IntPredicate> allowed, int highest) {
        return new AttnumAssignment(allowed, highest).only();
    }

    /** {@code ways[i][a]}: how many ways, up to {@link #MANY}, columns from i on have with numbers from a on. */
    private Optional<int[]> only() {
        int columns = allowed.size();
        Arrays.fill(ways[columns], 1);
        for (int i = columns - 1; i >= 0; i--) {
            for (int a = highest; a >= 1; a--) {
                int here = allowed.get(i).test(a) ? ways[i + 1][a + 1] : 0;
                ways[i][a] = Math.min(MANY, here + ways[i][a + 1]);
            }
        }
        return ways[0][1] == 1 ? Optional.of(walk()) : Optional.empty();
    }

    private int[] walk() {
        int[] attnums = new int[allowed.size()];
        int a = 1;
        for (int i = 0; i < attnums.length; i++) {
            while (!allowed.get(i).test(a) || ways[i + 1][a + 1] == 0) {
                a++;
            }
            attnums[i] = a++;
        }
        return attnums;
    }
}
