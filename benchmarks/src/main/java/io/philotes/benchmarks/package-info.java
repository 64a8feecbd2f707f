// SPDX-License-Identifier: Apache-2.0

/**
 * How fast, how small, how fresh: compared in one run, on one machine, with what the wire can carry and with others. Nothing here is
 * part of the library. Start at {@link io.philotes.benchmarks.Main}; {@code run} drives, {@code part} is what is measured, each
 * in a process of its own.
 */
package io.philotes.benchmarks;
