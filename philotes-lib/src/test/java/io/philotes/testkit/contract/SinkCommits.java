// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import io.philotes.sink.CommitResult;
import io.philotes.sink.CommitResult.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Commits: changes and their position become durable together, and what comes again changes nothing. */
abstract class SinkCommits extends SinkLoads {

    @Test
    void a_commit_makes_changes_durable_with_their_position() {
        load(ORDERS, LOADED_AT, row(1, "a"));
        write(insert(ORDERS, 2, "b"));
        write(insert(ORDERS, 3, "c"));
        CommitResult.Outcome outcome = commit().outcomes().get(ORDERS.table());
        assertThat(outcome.kind()).isEqualTo(Kind.COMMITTED);
        assertThat(outcome.marker()).isEqualTo(end());
        reopen();
        assertThat(sink.committedUpTo(ORDERS)).contains(end());
        assertHolds(ORDERS, "1|a", "2|b", "3|c");
    }

    @Test
    void what_was_not_committed_is_gone_after_a_restart_and_comes_again() {
        load(ORDERS, LOADED_AT);
        ChangeBatch batch = insert(ORDERS, 1, "a");
        write(batch);
        reopen();
        assertThat(sink.committedUpTo(ORDERS)).contains(LOADED_AT);
        sink.resume(ORDERS, LOADED_AT);
        write(batch);
        commit();
        assertHolds(ORDERS, "1|a");
    }

    @Test
    void replay_of_what_a_table_has_changes_nothing() {
        load(ORDERS, LOADED_AT);
        ChangeBatch first = insert(ORDERS, 1, "a");
        write(first);
        commit();
        write(first);
        assertThat(commit().outcomes()).isEmpty();
        reopen();
        sink.resume(ORDERS, LOADED_AT);
        write(first);
        write(insert(ORDERS, 2, "b"));
        commit();
        assertHolds(ORDERS, "1|a", "2|b");
    }

    /** Of transactions that were open at the same time, one's commit record may begin where that of the other ends. */
    @Test
    void a_transaction_that_commits_right_behind_a_tables_position_is_new() {
        load(ORDERS, LOADED_AT);
        beginAt(LOADED_AT.value());
        put(ORDERS, row(1, "a"));
        write(end(changes));
        commit();
        beginAt(end().value());
        put(ORDERS, row(2, "b"));
        write(end(changes));
        commit();
        assertHolds(ORDERS, "1|a", "2|b");
        reopen();
        sink.resume(ORDERS, end());
        beginAt(end().value());
        put(ORDERS, row(3, "c"));
        write(end(changes));
        commit();
        assertHolds(ORDERS, "1|a", "2|b", "3|c");
    }

    @Test
    void a_mirror_follows_updates_deletes_and_truncates() {
        assumeFalse(keepsHistory(), "skipped: a history has no row to follow");
        load(ORDERS, LOADED_AT, row(1, "a"), row(2, "b"));
        begin();
        byte[] updated = tuple(row(1, "A"));
        changes.update(ORDERS, (byte) 0, updated, 0, updated.length);
        byte[] deleted = tuple(row(2, null));
        changes.delete(ORDERS, (byte) 'K', deleted, 0, deleted.length);
        write(end(changes));
        commit();
        assertHolds(ORDERS, "1|A");
        begin();
        changes.truncate(List.of(ORDERS), (byte) 0);
        put(ORDERS, row(5, "after"));
        write(end(changes));
        commit();
        assertHolds(ORDERS, "5|after");
    }

    @Test
    void a_truncate_empties_every_table_that_it_names() {
        assumeFalse(keepsHistory(), "skipped: a history has no row to follow");
        load(ORDERS, LOADED_AT, row(1, "a"));
        load(ITEMS, LOADED_AT, row(1, "a"));
        begin();
        changes.truncate(List.of(ORDERS, ITEMS), (byte) 0);
        put(ITEMS, row(2, "after"));
        write(end(changes));
        commit();
        assertHolds(ORDERS);
        assertHolds(ITEMS, "2|after");
    }

    @Test
    void discard_forgets_what_was_written_and_keeps_the_table_going() {
        load(ORDERS, LOADED_AT, row(1, "a"));
        ChangeBatch batch = insert(ORDERS, 2, "b");
        write(batch);
        sink.discard();
        assertThat(sink.uncommittedBytes()).isZero();
        assertThat(commit().outcomes()).isEmpty();
        assertHolds(ORDERS, "1|a");
        write(batch);
        commit();
        assertHolds(ORDERS, "1|a", "2|b");
    }

    @Test
    void parts_of_a_transaction_are_not_seen_before_the_commit() {
        load(ORDERS, LOADED_AT);
        begin();
        put(ORDERS, row(1, "a"));
        write(changes.cutPart());
        assertHolds(ORDERS);
        put(ORDERS, row(2, "b"));
        write(end(changes));
        assertHolds(ORDERS);
        commit();
        assertHolds(ORDERS, "1|a", "2|b");
    }

    @Test
    void each_table_has_a_position_of_its_own() {
        load(ORDERS, LOADED_AT);
        load(ITEMS, LOADED_AT);
        ChangeBatch first = insert(ORDERS, 1, "a");
        write(first);
        commit();
        Lsn firstEnd = end();
        ChangeBatch second = insert(ITEMS, 1, "i");
        write(second);
        commit();
        reopen();
        assertThat(sink.committedUpTo(ORDERS)).contains(firstEnd);
        assertThat(sink.committedUpTo(ITEMS)).contains(end());
        sink.resume(ORDERS, firstEnd);
        sink.resume(ITEMS, end());
        write(first);
        write(second);
        assertThat(commit().outcomes()).isEmpty();
    }
}
