// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer;

/** Buffers that hand out the parts of a transaction, however small it is, while they come. */
public final class AheadBuffers {

    private AheadBuffers() {}

    public static MemoryBuffer memory(long limitBytes) {
        return new MemoryBuffer(limitBytes, new Spilling(null, 1, 0));
    }
}
