// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.workload;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Counts rows of the lake. For one thread. */
public final class TallyBuilder {

    private static final class Sums {
        private long count;
        private BigDecimal sum = BigDecimal.ZERO;
        private BigDecimal least = BigDecimal.ZERO;
        private BigDecimal greatest = BigDecimal.ZERO;

        void add(BigDecimal number) {
            least = count == 0 ? number : least.min(number);
            greatest = count == 0 ? number : greatest.max(number);
            sum = sum.add(number);
            count++;
        }
    }

    private final List<CheckedColumn> columns;
    private final Sums[] sums;
    private long rows;

    TallyBuilder(List<CheckedColumn> columns) {
        this.columns = columns;
        this.sums = new Sums[columns.size()];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = new Sums();
        }
    }

    /** Counts one row, whose values are asked for by column name. */
    public void add(Function<String, Object> row) {
        rows++;
        for (int i = 0; i < sums.length; i++) {
            Object value = row.apply(columns.get(i).name());
            if (value != null) {
                sums[i].add(columns.get(i).kind().number(value));
            }
        }
    }

    public TableTally build() {
        Map<String, ColumnTally> byName = new HashMap<>();
        for (int i = 0; i < sums.length; i++) {
            Sums of = sums[i];
            byName.put(columns.get(i).name(), new ColumnTally(of.count, of.sum, of.least, of.greatest));
        }
        return new TableTally(rows, byName);
    }
}
