// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.buffer.BufferReader;
import io.philotes.buffer.ChangeBuffer;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the tests of {@link ChangeBufferContract} share. */
abstract class BufferCase {

    protected static final Duration NOW = Duration.ZERO;
    protected static final Duration LONG = Duration.ofSeconds(20);

    /** Enough for everything that a test does not mean to fill. */
    protected static final long ROOMY = 64L << 20;

    /** Whose batches it holds. */
    protected static final String PIPELINE = "contract";

    protected ChangeBuffer buffer;

    protected abstract ChangeBuffer create(long limitBytes);

    protected abstract ChangeBuffer again(long limitBytes);

    @BeforeEach
    void open_a_buffer() {
        buffer = opened(ROOMY);
    }

    @AfterEach
    void close_the_buffer() {
        buffer.close();
    }

    protected final ChangeBuffer opened(long limitBytes) {
        ChangeBuffer created = create(limitBytes);
        created.open(PIPELINE);
        return created;
    }

    protected static Lsn lsn(long value) {
        return new Lsn(value);
    }

    protected final void append(ChangeBatch batch) throws InterruptedException {
        assertThat(buffer.append(batch, NOW)).isTrue();
    }

    protected final List<String> readAll(long after) throws InterruptedException {
        try (BufferReader reader = buffer.reader("test", lsn(after))) {
            return drain(reader);
        }
    }

    protected static List<String> drain(BufferReader reader) throws InterruptedException {
        List<String> read = new ArrayList<>();
        for (ChangeBatch batch = reader.poll(NOW); batch != null; batch = reader.poll(NOW)) {
            read.add(BatchFixtures.describe(batch));
        }
        return read;
    }

    protected static List<String> described(List<ChangeBatch> batches) {
        return batches.stream().map(BatchFixtures::describe).toList();
    }

    protected static void refused(ErrorCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
