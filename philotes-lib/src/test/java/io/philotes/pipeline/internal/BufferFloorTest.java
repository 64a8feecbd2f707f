// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.buffer.MemoryBuffer;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BufferFloorTest {

    private final MemoryBuffer buffer = MemoryBuffer.bounded(1 << 20);
    private final BufferFloor floor = new BufferFloor(buffer);

    @BeforeEach
    void it_holds_from_100_to_200() throws InterruptedException {
        buffer.startAt(new Lsn(100));
        buffer.append(ChangeBatch.progress(new Lsn(200)), Duration.ZERO);
    }

    @Test
    void the_buffer_is_trimmed_to_the_lowest_of_all() {
        floor.hold("lake");
        floor.hold("replica");
        floor.moveTo("lake", new Lsn(180));
        assertThat(buffer.trimmedUpTo()).isEqualTo(new Lsn(100));
        floor.moveTo("replica", new Lsn(150));
        assertThat(buffer.trimmedUpTo()).isEqualTo(new Lsn(150));
    }

    @Test
    void a_sink_that_is_registered_keeps_all_that_is_there() {
        floor.hold("lake");
        floor.moveTo("lake", new Lsn(150));
        assertThat(floor.hold("replica")).isEqualTo(new Lsn(150));
        floor.moveTo("lake", new Lsn(200));
        assertThat(buffer.trimmedUpTo()).isEqualTo(new Lsn(150));
    }

    @Test
    void a_sink_that_goes_lets_go_what_it_kept() {
        floor.hold("lake");
        floor.hold("replica");
        floor.moveTo("replica", new Lsn(170));
        floor.release("lake");
        assertThat(buffer.trimmedUpTo()).isEqualTo(new Lsn(170));
    }

    @Test
    void a_sink_that_is_gone_keeps_nothing_whatever_its_last_commit_says() {
        floor.hold("lake");
        floor.hold("replica");
        floor.release("lake");
        floor.moveTo("lake", new Lsn(120));
        floor.moveTo("replica", new Lsn(170));
        assertThat(buffer.trimmedUpTo()).isEqualTo(new Lsn(170));
    }

    @Test
    void the_holder_is_the_one_sink_that_is_behind_all_others() {
        floor.hold("lake");
        floor.moveTo("lake", new Lsn(120));
        assertThat(floor.holder()).as("alone").isEmpty();
        floor.hold("replica");
        floor.moveTo("replica", new Lsn(120));
        assertThat(floor.holder()).as("both").isEmpty();
        floor.moveTo("replica", new Lsn(130));
        assertThat(floor.holder()).contains("lake");
        assertThat(floor.anotherNeedsMore("replica")).isTrue();
        assertThat(floor.anotherNeedsMore("lake")).isFalse();
    }
}
