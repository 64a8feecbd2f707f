// SPDX-License-Identifier: Apache-2.0

/**
 * What the hot pieces cost, one by one, in JMH: {@code bin/benchmark jmh [pattern]}. They begin in fresh JVMs and are quick rather than
 * exact; for a decision, give JMH more forks. Start at {@link io.philotes.benchmarks.jmh.WireRows}.
 */
package io.philotes.benchmarks.jmh;
