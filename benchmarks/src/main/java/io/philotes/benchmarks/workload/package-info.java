// SPDX-License-Identifier: Apache-2.0

/** What is written at the source, and how it is recognised in the lake. Start at {@link io.philotes.benchmarks.workload.Workload}. */
package io.philotes.benchmarks.workload;
