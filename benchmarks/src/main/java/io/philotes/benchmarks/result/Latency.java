// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.result;

/** From a commit at the source until readers of the lake see it, ms. Immutable. */
public record Latency(double p50, double p99) {}
