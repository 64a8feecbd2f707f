// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.index;

/**
 * An index for keys that are a 128-bit hash of any value; two keys that share it are taken for one, which for a good hash
 * happens less often than a broken memory. 30 to 40 bytes a key. Confined to one thread.
 */
public final class HashKeyIndex extends TableKeyIndex {

    public HashKeyIndex(TableMemory memory) {
        super(2, memory);
    }
}
