// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.index;

import io.philotes.model.TableId;
import java.nio.file.Path;
import java.util.List;

/** Makes indexes for tests, in memory unless told otherwise. */
final class Indexes {

    private Indexes() {}

    static IndexMemory memory(long limitBytes) {
        return new IndexMemory(limitBytes, Path.of(System.getProperty("java.io.tmpdir"), "philotes-index-test"));
    }

    static TableMemory table(IndexMemory memory) {
        return memory.forTable(new TableId("public", "orders"));
    }

    /** Far from any limit. */
    static TableMemory large() {
        return table(memory(Long.MAX_VALUE));
    }

    static List<KeyIndex> ofEachKind() {
        return List.of(new LongKeyIndex(large()), new HashKeyIndex(large()));
    }
}
