// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.checkpoint.TableState;
import io.philotes.model.TableId;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CopyCountsTest {

    private static final TableId ORDERS = new TableId("public", "orders");

    private final CopyCounts counts = new CopyCounts();

    private void changed(String sink, TableId table, TableState from, TableState to) {
        counts.tableStateChanged("shop", sink, table, from, to, "");
    }

    @Test
    void a_copy_has_ended_when_it_has_in_every_sink() {
        assertThat(counts.of("shop")).isEmpty();
        changed("lake", ORDERS, TableState.PENDING, TableState.COPYING);
        changed("other", ORDERS, TableState.PENDING, TableState.COPYING);
        changed("lake", ORDERS, TableState.COPYING, TableState.STREAMING);
        assertThat(counts.of("shop")).isEqualTo(Map.of(ORDERS, 0L));
        changed("other", ORDERS, TableState.COPYING, TableState.PENDING);
        assertThat(counts.of("shop")).isEqualTo(Map.of(ORDERS, 0L));
        changed("other", ORDERS, TableState.COPYING, TableState.NEEDS_RESYNC);
        assertThat(counts.of("shop")).isEqualTo(Map.of(ORDERS, 1L));
        assertThat(counts.of("another")).isEmpty();
    }

    /** Whoever asks while tables come, as they do at a start, gets an answer. */
    @Test
    void it_may_be_asked_while_tables_come() {
        int tables = 20_000;
        CompletableFuture<Void> coming = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < tables; i++) {
                changed("lake", new TableId("public", "t" + i), TableState.PENDING, TableState.COPYING);
            }
        });
        while (!coming.isDone()) {
            assertThat(counts.of("shop").values()).allMatch(ended -> ended == 0);
        }
        coming.join();
        assertThat(counts.of("shop")).hasSize(tables);
    }
}
