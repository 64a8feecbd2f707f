// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.index;

/**
 * An index for keys that are one integer: {@code lo} is the key, {@code hi} is ignored and visited as 0. Little more than 8
 * bytes a key where keys are serial, 20 to 27 where they are not. Confined to one thread.
 */
public final class LongKeyIndex extends TableKeyIndex {

    public LongKeyIndex(TableMemory memory) {
        super(1, memory);
    }
}
