// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.index;

import java.nio.ByteBuffer;

/**
 * A piece of memory off the heap, all zero when it is new, in native byte order.
 *
 * @param bytes the memory
 * @param isOnDisk whether it is a mapped file, so that the operating system may write it out
 */
record Block(ByteBuffer bytes, boolean isOnDisk) {

    int size() {
        return bytes.capacity();
    }
}
