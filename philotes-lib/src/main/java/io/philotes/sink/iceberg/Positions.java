// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import java.util.Collection;
import java.util.List;
import java.util.function.LongConsumer;
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

    /** A view of positions that names the delete files a new one replaces. */
    static PositionDeleteIndex replacing(PositionDeleteIndex positions, List<DeleteFile> replaced) {
        return new Replacing(positions, replaced);
    }

    private record Replacing(PositionDeleteIndex positions, List<DeleteFile> replaced) implements PositionDeleteIndex {

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
            return positions.isDeleted(position);
        }

        @Override
        public boolean isEmpty() {
            return positions.isEmpty();
        }

        @Override
        public void forEach(LongConsumer consumer) {
            positions.forEach(consumer);
        }

        @Override
        public Collection<DeleteFile> deleteFiles() {
            return replaced;
        }

        @Override
        public long cardinality() {
            return positions.cardinality();
        }
    }
}
