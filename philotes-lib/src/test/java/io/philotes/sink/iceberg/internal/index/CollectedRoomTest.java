// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A disk that has room for one and a half of what is asked for. */
class CollectedRoomTest {

    private static final int SIZE = 1_000;

    private final Cleaner cleaner = Cleaner.create();
    private final AtomicInteger used = new AtomicInteger();

    /** The room is free again when the collector has found the buffer, as with a mapped file that has no name any more. */
    private ByteBuffer mapped(int bytes) throws IOException {
        if (used.addAndGet(bytes) > SIZE * 3 / 2) {
            used.addAndGet(-bytes);
            throw new IOException("No space left on device");
        }
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        AtomicInteger room = used;
        cleaner.register(buffer, () -> room.addAndGet(-bytes));
        return buffer;
    }

    @Test
    void what_nobody_uses_any_more_makes_room() throws IOException {
        for (int session = 0; session < 5; session++) {
            assertThat(CollectedRoom.map(this::mapped, SIZE).capacity()).isEqualTo(SIZE);
        }
    }

    @Test
    void what_is_in_use_makes_none() throws IOException {
        ByteBuffer held = CollectedRoom.map(this::mapped, SIZE);
        assertThatThrownBy(() -> CollectedRoom.map(this::mapped, SIZE))
                .isInstanceOf(IOException.class)
                .hasMessage("No space left on device");
        Reference.reachabilityFence(held);
    }

    @Test
    void an_interrupt_ends_the_search_for_room() throws IOException {
        ByteBuffer held = CollectedRoom.map(this::mapped, SIZE);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> CollectedRoom.map(this::mapped, SIZE)).isInstanceOf(ClosedByInterruptException.class);
        assertThat(Thread.interrupted()).isTrue();
        Reference.reachabilityFence(held);
    }
}
