// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit.contract;

import static io.philotes.testkit.contract.LetterFixtures.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.dlq.DeadLetter;
import io.philotes.dlq.DeadLetterFilter;
import io.philotes.dlq.DeadLetterQueue;
import io.philotes.dlq.DeadLetterState;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the tests of {@link DeadLetterQueueContract} share. */
abstract class LetterCase {

    static final DeadLetterFilter ALL = DeadLetterFilter.ALL;

    private final List<DeadLetterQueue> opened = new ArrayList<>();
    protected DeadLetterQueue queue;

    /** One more queue on the same storage, not open yet. */
    protected abstract DeadLetterQueue another();

    @BeforeEach
    protected void openQueue() {
        queue = opened(LetterFixtures.PIPELINE);
    }

    protected final DeadLetterQueue opened(String pipeline) {
        DeadLetterQueue one = another();
        opened.add(one);
        one.open(pipeline);
        return one;
    }

    @AfterEach
    protected void closeQueues() {
        opened.forEach(DeadLetterQueue::close);
    }

    protected static void refused(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    protected static List<DeadLetter> all(DeadLetterQueue of) {
        return of.list(ALL, Optional.empty(), Integer.MAX_VALUE);
    }

    void add(DeadLetter.Id... ids) {
        queue.add(java.util.Arrays.stream(ids).map(LetterFixtures::letter).toList());
    }

    DeadLetterState state(DeadLetter.Id id) {
        return queue.find(id).orElseThrow().state();
    }
}
