// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.index;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Finds the room on a disk that only the garbage collector can free: an index that was abandoned keeps its files until then, and
 * no collector runs because a disk is full. The JDK does the same for direct memory. Stateless.
 */
final class CollectedRoom {

    /** For what was found, which another thread gives back: half a second in all. */
    private static final int MAX_WAITS = 9;

    private CollectedRoom() {}

    /** Makes memory of a file. */
    @FunctionalInterface
    interface Mapping {
        ByteBuffer map(int bytes) throws IOException;
    }

    /** Maps; where that fails, again behind a collection. Throws what the last attempt did. */
    static ByteBuffer map(Mapping mapping, int bytes) throws IOException {
        for (int waits = 0; ; waits++) {
            try {
                return mapping.map(bytes);
            } catch (ClosedByInterruptException e) {
                throw e;
            } catch (IOException e) {
                if (waits == MAX_WAITS) {
                    throw e;
                }
                if (waits == 0) {
                    System.gc();
                }
                await(1L << waits);
            }
        }
    }

    private static void await(long millis) throws IOException {
        try {
            new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClosedByInterruptException();
        }
    }
}
