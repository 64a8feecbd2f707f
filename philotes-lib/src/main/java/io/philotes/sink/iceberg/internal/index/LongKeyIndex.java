// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.index;

/**
 * An index for keys that are one integer: {@code lo} is the key, {@code hi} is ignored and visited as 0. 20 to 27 bytes a
 * key. Confined to one thread.
 */
public final class LongKeyIndex extends TableKeyIndex {

    public LongKeyIndex() {
        super(1);
    }
}
