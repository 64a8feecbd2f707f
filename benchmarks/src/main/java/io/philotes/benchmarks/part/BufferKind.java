// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.part;

/** Which of its buffers Philotes has. */
public enum BufferKind {
    MEMORY,
    DISK,
    POSTGRES
}
