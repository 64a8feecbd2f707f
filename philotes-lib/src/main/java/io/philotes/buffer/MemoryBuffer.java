// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer;

/** Bounded in memory. */
public abstract class MemoryBuffer implements ChangeBuffer {

    public static final long DEFAULT_LIMIT_BYTES = 64L << 20;

    public static MemoryBuffer bounded(long bytes) {
        throw new UnsupportedOperationException(Long.toString(bytes));
    }
}
