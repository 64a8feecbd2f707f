// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.part;

/** What a process does. */
public enum PartKind {
    /** Reads the stream with the driver and forgets it: the limit. */
    LIMIT,
    /** Starts Philotes and lets it go on until all is committed. */
    PHILOTES
}
