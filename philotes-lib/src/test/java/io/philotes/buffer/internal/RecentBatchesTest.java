// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.ChangeBatch;
import io.philotes.testkit.contract.BatchFixtures;
import org.junit.jupiter.api.Test;

class RecentBatchesTest {

    private static final ChangeBatch BATCH = BatchFixtures.whole(100, 1, 10_000);

    private final RecentBatches recent = new RecentBatches(40_000);

    private boolean has(long number) {
        return recent.beginningWith(number).isPresent();
    }

    @Test
    void the_oldest_goes_when_it_is_too_much() {
        for (int number = 1; number <= 4; number++) {
            recent.add(number, number + 1L, BATCH);
        }
        assertThat(has(1)).isFalse();
        assertThat(has(2) && has(3) && has(4)).isTrue();
        assertThat(recent.beginningWith(3))
                .hasValueSatisfying(found -> assertThat(found.next()).isEqualTo(4));
    }

    @Test
    void a_batch_is_known_by_its_first_record_only() {
        recent.add(5, 8, BATCH);
        recent.add(8, 9, BATCH);
        assertThat(has(5) && has(8)).isTrue();
        assertThat(has(6) || has(7) || has(9)).isFalse();
    }

    @Test
    void one_that_is_too_large_is_not_kept_and_takes_the_others_with_it() {
        recent.add(1, 2, BATCH);
        recent.add(2, 3, BatchFixtures.whole(200, 1, 50_000));
        assertThat(has(1) || has(2)).isFalse();
        recent.add(3, 4, BATCH);
        assertThat(has(3)).isTrue();
    }

    @Test
    void numbers_that_go_back_or_leave_a_gap_forget_what_was() {
        recent.add(10, 12, BATCH);
        recent.add(10, 11, BATCH);
        assertThat(recent.beginningWith(10))
                .hasValueSatisfying(found -> assertThat(found.next()).isEqualTo(11));
        recent.add(20, 21, BATCH);
        assertThat(has(10)).isFalse();
        recent.add(21, 22, BATCH);
        assertThat(has(21)).isTrue();
        recent.clear();
        assertThat(has(21)).isFalse();
        recent.add(1, 2, BATCH);
        assertThat(has(1)).isTrue();
    }
}
