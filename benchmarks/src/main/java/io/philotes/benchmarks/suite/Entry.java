// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.suite;

import io.philotes.benchmarks.run.BenchmarkOptions;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * One benchmark of the suite. Immutable.
 *
 * @param key names it among all, and the file that keeps its result
 * @param benchmark by name
 * @param quickRows how many rows when it is to be quick
 * @param change what is not the default
 * @param targets that it has to meet
 */
record Entry(
        String key, String benchmark, long quickRows, UnaryOperator<BenchmarkOptions> change, List<Target> targets) {

    Entry {
        targets = List.copyOf(targets);
    }

    static Entry of(String benchmark, long quickRows, Target... targets) {
        return new Entry(benchmark, benchmark, quickRows, UnaryOperator.identity(), List.of(targets));
    }

    static Entry of(
            String key, String benchmark, long quickRows, UnaryOperator<BenchmarkOptions> change, Target... targets) {
        return new Entry(key, benchmark, quickRows, change, List.of(targets));
    }
}
