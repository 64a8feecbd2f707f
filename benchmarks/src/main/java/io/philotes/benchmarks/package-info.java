// SPDX-License-Identifier: Apache-2.0

/** Benchmarks; they print ratios and are never part of the test suite. */
package io.philotes.benchmarks;
