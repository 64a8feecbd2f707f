// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import java.util.Arrays;
import java.util.Optional;

/**
 * Finds which attribute number each column of a Relation message has, when the message does not say: columns are sent in
 * ascending order of their numbers, so an assignment rises strictly. Only an assignment without alternative is an answer.
 */
final class AttnumAssignment {

    private static final int MANY = 2;

    /** What is known of the numbers. */
    interface Constraints {

        /** Whether the column at that place of the message may have the number. */
        boolean allows(int column, int attnum);

        /**
         * Whether the message may lack the number.
         *
         * @param higherFollows whether it has a column with a higher one
         */
        boolean mayLack(int attnum, boolean higherFollows);
    }

    private final Constraints constraints;
    private final int columns;
    private final int highest;
    private final int[][] ways;

    private AttnumAssignment(Constraints constraints, int columns, int highest) {
        this.constraints = constraints;
        this.columns = columns;
        this.highest = highest;
        this.ways = new int[columns + 1][highest + 2];
    }

    /** The only rising assignment of numbers up to {@code highest} that meets the constraints; empty if none or several. */
    static Optional<int[]> only(Constraints constraints, int columns, int highest) {
        return new AttnumAssignment(constraints, columns, highest).only();
    }

    /** {@code ways[i][a]}: how many ways, up to {@link #MANY}, columns from i on have with numbers from a on. */
    private Optional<int[]> only() {
        Arrays.fill(ways[columns], 0);
        ways[columns][highest + 1] = 1;
        for (int i = columns; i >= 0; i--) {
            for (int a = highest; a >= 1; a--) {
                int here = i < columns && constraints.allows(i, a) ? ways[i + 1][a + 1] : 0;
                int later = constraints.mayLack(a, i < columns) ? ways[i][a + 1] : 0;
                ways[i][a] = Math.min(MANY, here + later);
            }
        }
        return ways[0][1] == 1 ? Optional.of(walk()) : Optional.empty();
    }

    private int[] walk() {
        int[] attnums = new int[columns];
        int a = 1;
        for (int i = 0; i < columns; i++) {
            while (!constraints.allows(i, a) || ways[i + 1][a + 1] == 0) {
                a++;
            }
            attnums[i] = a++;
        }
        return attnums;
    }
}
