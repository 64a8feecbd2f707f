// SPDX-License-Identifier: Apache-2.0

/** Drives: makes the workload, starts the parts one after the other and measures them from outside. Start at {@link io.philotes.benchmarks.run.Drain}. */
package io.philotes.benchmarks.run;
