// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import java.util.List;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.deletes.Deletes;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.apache.iceberg.io.CloseableIterable;

/** Makes sets of row positions. Stateless. */
final class Positions {

    private Positions() {}

    /** An empty set that can be added to. */
    static PositionDeleteIndex none() {
        return Deletes.toPositionIndex(CloseableIterable.empty());
    }

    /** No positions, but the delete files that a new one replaces. */
    static PositionDeleteIndex replacing(List<DeleteFile> replaced) {
        return new Replacing(replaced);
    }

    private record Replacing(List<DeleteFile> deleteFiles) implements PositionDeleteIndex {

        @Override
        public void delete(long position) {
            throw new UnsupportedOperationException("read only");
        }

        @Override
        public void delete(long from, long to) {
            throw new UnsupportedOperationException("read only");
        }

        @Override
        public boolean isDeleted(long position) {
            return false;
        }

        @Override
        public boolean isEmpty() {
            return true;
        }
    }
}
