// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.workload;

/** A column that is compared between source and lake. Immutable. */
public record CheckedColumn(String name, ColumnKind kind) {}
