// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.PhilotesException;
import io.philotes.model.ChangeBatch;
import io.philotes.sink.CommitResult.Kind;
import io.philotes.sink.Sink;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Who may write, and to what: tables that rest, sinks that begin again, and owners that are not owners any more. */
abstract class SinkTurns extends SinkCommits {

    @Test
    void a_suspended_table_drops_what_was_written_and_skips_until_it_is_resumed() {
        load(ORDERS, LOADED_AT);
        load(ITEMS, LOADED_AT);
        ChangeBatch first = insert(ORDERS, 1, "a");
        write(first);
        sink.suspend(ORDERS.table());
        write(insert(ORDERS, 2, "b"));
        write(insert(ITEMS, 1, "i"));
        assertThat(commit().outcomes()).containsOnlyKeys(ITEMS.table());
        assertHolds(ORDERS);
        sink.resume(ORDERS, LOADED_AT);
        write(first);
        commit();
        assertHolds(ORDERS, "1|a");
        assertHolds(ITEMS, "1|i");
    }

    @Test
    void a_table_that_was_not_resumed_is_skipped() {
        load(ORDERS, LOADED_AT);
        reopen();
        write(insert(ORDERS, 1, "a"));
        assertThat(commit().outcomes()).isEmpty();
        assertHolds(ORDERS);
    }

    @Test
    void to_open_again_with_a_higher_epoch_drops_what_was_not_committed() {
        load(ORDERS, LOADED_AT);
        ChangeBatch batch = insert(ORDERS, 1, "a");
        write(batch);
        sink.open(context(++epoch));
        assertThat(commit().outcomes()).isEmpty();
        write(batch);
        assertThat(commit().outcomes()).describedAs("no table is resumed").isEmpty();
        sink.resume(ORDERS, LOADED_AT);
        write(batch);
        commit();
        assertHolds(ORDERS, "1|a");
    }

    @Test
    void an_older_epoch_may_not_write_behind_a_newer_one() {
        load(ORDERS, LOADED_AT);
        Sink older = sink;
        sink = opened();
        sink.resume(ORDERS, LOADED_AT);
        write(insert(ORDERS, 1, "newer"));
        commit();
        try (older) {
            assertThat(commits(older, insert(ORDERS, 2, "older"))).isFalse();
            assertThatThrownBy(() -> older.resume(ORDERS, end())).isInstanceOf(PhilotesException.class);
        }
        assertHolds(ORDERS, "1|newer");
    }

    private boolean commits(Sink into, ChangeBatch batch) {
        try {
            into.write(batch);
            return into.commit(end()).toCompletableFuture().join().outcomes().values().stream()
                    .anyMatch(outcome -> outcome.kind() == Kind.COMMITTED);
        } catch (PhilotesException | CompletionException e) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
