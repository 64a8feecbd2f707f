// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.philotes.model.ChangeBatch;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a buffer holds for the next process; for one that survives. */
abstract class BufferRestarts extends BufferWaits {

    @Test
    void what_was_appended_is_there_after_a_restart() throws InterruptedException {
        assumeTrue(buffer.survivesRestart(), "skipped: the buffer survives no restart");
        ChangeBatch first = BatchFixtures.whole(100, 2, 10);
        ChangeBatch second = BatchFixtures.wholes(200, 300);
        append(first);
        append(second);
        buffer.trim(lsn(100));
        restart();
        assertThat(buffer.appendedUpTo()).isEqualTo(lsn(300));
        assertThat(buffer.durableUpTo()).isEqualTo(lsn(300));
        assertThat(buffer.trimmedUpTo()).isLessThanOrEqualTo(lsn(100));
        assertThat(readAll(100)).isEqualTo(described(List.of(second)));
        ChangeBatch next = BatchFixtures.whole(400, 1, 10);
        append(next);
        assertThat(readAll(300)).isEqualTo(described(List.of(next)));
    }

    @Test
    void an_incomplete_transaction_does_not_survive_a_restart() throws InterruptedException {
        assumeTrue(buffer.survivesRestart(), "skipped: the buffer survives no restart");
        append(BatchFixtures.whole(100, 1, 10));
        List<ChangeBatch> parts = BatchFixtures.parted(200, 3, 5, 1000);
        append(parts.get(0));
        append(parts.get(1));
        restart();
        assertThat(buffer.appendedUpTo()).isEqualTo(lsn(100));
        for (ChangeBatch part : parts) {
            append(part);
        }
        assertThat(readAll(100)).isEqualTo(described(parts));
    }

    private void restart() {
        buffer.close();
        buffer = again(ROOMY);
        buffer.open(PIPELINE);
    }
}
