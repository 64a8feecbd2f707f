// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.KEYED;
import static io.philotes.sink.iceberg.Relations.ORDERS;
import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static io.philotes.sink.iceberg.TestLake.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.ChangeBatch;
import io.philotes.sink.CommitResult;
import io.philotes.sink.WriteResult;
import io.philotes.sink.iceberg.local.LocalCatalog;
import io.philotes.testkit.Fault;
import io.philotes.testkit.FaultyCatalog;
import io.philotes.testkit.Gate;
import io.philotes.testkit.OtherWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.exceptions.NotAuthorizedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommitFaultTest {

    private final FaultyCatalog catalog = FaultyCatalog.inMemory();
    private TestLake lake =
            new TestLake(catalog, options -> options).loaded(KEYED, row(1, "a", 1), row(2, "b", 2), row(3, "c", 3));
    private final ChangeFeed feed = new ChangeFeed(LOADED_AT.value());

    @Test
    void a_lost_reply_does_not_commit_twice() {
        catalog.next(Fault.failAfter());
        lake.apply(changes());
        lake.apply(feed.begin().update(KEYED, 4, "D", 5).commit());
        assertThat(lake.rows("orders")).containsExactly("1|A|1", "3|c|3", "4|D|5");
        assertThat(lake.table("orders").history()).hasSize(3);
    }

    /** What catalog clients make of a lost reply when they send the commit again by themselves. */
    @Test
    void a_commit_that_was_made_and_is_called_refused_keeps_its_files() {
        catalog.next(real -> {
            real.run();
            throw new CommitFailedException("the table has moved");
        });
        lake.apply(changes());
        lake.apply(feed.begin().update(KEYED, 4, "D", 5).commit());
        assertThat(lake.rows("orders")).containsExactly("1|A|1", "3|c|3", "4|D|5");
        assertThat(lake.table("orders").history()).hasSize(3);
    }

    /** A client that sends it again is refused, and a cache or a replica shows the table as it was, so many times. */
    private Fault madeAndDenied(int oldLooks, Supplier<RuntimeException> told) {
        return call -> {
            call.run();
            for (int look = 0; look < oldLooks; look++) {
                catalog.nextOldLook();
            }
            throw told.get();
        };
    }

    private static RuntimeException moved() {
        return new CommitFailedException("the table has moved");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void a_commit_that_was_made_and_is_called_refused_keeps_its_files_though_looks_are_old(int oldLooks) {
        catalog.next(madeAndDenied(oldLooks, CommitFaultTest::moved));
        lake.apply(changes());
        assertThat(catalog.isPlayed()).isTrue();
        lake.apply(feed.begin().update(KEYED, 4, "D", 5).commit());
        assertThat(lake.rows("orders")).containsExactly("1|A|1", "3|c|3", "4|D|5");
        assertThat(lake.table("orders").history()).hasSize(3);
    }

    @Test
    void looks_that_stay_old_come_to_an_end_and_the_next_session_finds_the_commit() {
        brief().sink().resume(KEYED, LOADED_AT);
        catalog.next(madeAndDenied(100, CommitFaultTest::moved));
        assertThat(commitChanges().failure().orElseThrow().code()).isEqualTo(ErrorCode.COMMIT_REFUSED);
        assertThat(lake.restart().committedUpTo(KEYED)).contains(feed.end());
        assertThat(lake.rows("orders")).containsExactly("1|A|1", "3|c|3", "4|d|4");
    }

    @Test
    void a_commit_that_was_made_and_is_called_not_allowed_keeps_its_files() {
        List<Supplier<RuntimeException>> answers = List.of(
                () -> new ForbiddenException("too many requests"),
                () -> new NotAuthorizedException("the token has ended"),
                () -> new NoSuchTableException("no such table here"));
        for (Supplier<RuntimeException> answer : answers) {
            catalog.next(madeAndDenied(1, answer));
            lake.write(feed.begin().update(KEYED, 1, "A", 1).commit().batch());
            assertThat(outcome().kind()).isNotEqualTo(CommitResult.Kind.COMMITTED);
            assertThat(catalog.isPlayed()).isTrue();
            assertThat(lake.rows("orders")).containsExactly("1|A|1", "2|b|2", "3|c|3");
            assertThat(lake.sink().committedUpTo(KEYED)).contains(feed.end());
            lake.sink().resume(KEYED, feed.end());
        }
    }

    @Test
    void a_commit_that_is_not_allowed_is_not_sent_again() {
        catalog.next(Fault.reject(() -> new ForbiddenException("no")));
        CommitResult.Outcome outcome = commitChanges();
        assertThat(outcome.kind()).isEqualTo(CommitResult.Kind.HELD);
        assertThat(outcome.failure().orElseThrow().code()).isEqualTo(ErrorCode.TARGET_UNUSABLE);
        assertThat(lake.table("orders").history()).hasSize(1);
    }

    @Test
    void a_property_that_others_set_in_between_costs_another_attempt() {
        Table other = catalog.real().loadTable(TableIdentifier.of("shop", "orders"));
        for (int attempt = 0; attempt < 3; attempt++) {
            catalog.next(Fault.after(() -> setProperty(other)));
        }
        lake.apply(changes());
        lake.apply(feed.begin().update(KEYED, 4, "D", 5).commit());
        assertThat(catalog.isPlayed()).isTrue();
        assertThat(lake.rows("orders")).containsExactly("1|A|1", "3|c|3", "4|D|5");
        assertThat(lake.table("orders").history()).hasSize(3);
        assertThat(lake.table("orders").properties()).containsKey("of.others");
    }

    @Test
    void properties_that_others_never_cease_to_set_are_given_way_to_after_so_many_attempts() {
        brief().sink().resume(KEYED, LOADED_AT);
        Table other = catalog.real().loadTable(TableIdentifier.of("shop", "orders"));
        for (int attempt = 0; attempt < 2; attempt++) {
            catalog.next(Fault.after(() -> setProperty(other)));
        }
        ChangeBatch batch = changes().batch();
        lake.write(batch);
        assertThat(outcome().failure().orElseThrow().code()).isEqualTo(ErrorCode.COMMIT_REFUSED);
        lake.sink().resume(KEYED, LOADED_AT);
        lake.write(batch);
        lake.commit(feed.end());
        assertThat(lake.rows("orders")).containsExactly("1|A|1", "3|c|3", "4|d|4");
        assertThat(lake.table("orders").history()).hasSize(2);
    }

    @Test
    void who_is_given_way_to_is_not_made_up() {
        brief().sink().resume(KEYED, LOADED_AT);
        catalog.next(Fault.lose()).next(Fault.lose());
        assertThat(commitChanges().failure().orElseThrow())
                .returns(ErrorCode.COMMIT_UNKNOWN, PhilotesException::code)
                .hasMessageContaining("connection refused");
        lake.restart().resume(KEYED, LOADED_AT);
        Supplier<RuntimeException> clock = () -> new ValidationException("before last snapshot timestamp");
        catalog.next(Fault.reject(clock)).next(Fault.reject(clock));
        assertThat(commitChanges().failure().orElseThrow())
                .returns(ErrorCode.COMMIT_REFUSED, PhilotesException::code)
                .hasMessageContaining("before last snapshot timestamp");
    }

    private static void setProperty(Table other) {
        other.refresh();
        other.updateProperties().set("of.others", UUID.randomUUID().toString()).commit();
    }

    /** Doubt has its price, so where there is none nothing stays. */
    @Test
    void a_commit_that_others_outran_leaves_no_manifests(@TempDir Path directory) throws Exception {
        try (JdbcCatalog local = LocalCatalog.open(directory)) {
            FaultyCatalog faulty = new FaultyCatalog(local);
            TestLake real = new TestLake(faulty, options -> options)
                    .loaded(KEYED, row(1, "a", 1), row(2, "b", 2), row(3, "c", 3));
            Table other = real.table("orders");
            faulty.next(Fault.after(() -> OtherWriter.compact(other)));
            real.apply(changes());
            assertThat(real.rows("orders")).containsExactly("1|A|1", "3|c|3", "4|d|4");
            List<String> known = new ArrayList<>();
            real.table("orders").snapshots().forEach(at -> known.add(name(Path.of(at.manifestListLocation()))));
            try (Stream<Path> all = Files.walk(directory)) {
                assertThat(all.map(CommitFaultTest::name).filter(name -> name.startsWith("snap-")))
                        .containsExactlyInAnyOrderElementsOf(known);
            }
        }
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }

    private TestLake brief() {
        lake = new TestLake(
                catalog,
                options -> options.commitRetry(new CommitRetry(2, 3, Duration.ofMillis(1), Duration.ofMillis(2))));
        return lake;
    }

    private CommitResult.Outcome commitChanges() {
        lake.write(changes().batch());
        return outcome();
    }

    private CommitResult.Outcome outcome() {
        return lake.commitResult(feed.end()).outcomes().get(ORDERS);
    }

    @Test
    void a_lost_request_is_sent_again() {
        catalog.next(Fault.lose()).next(Fault.lose());
        lake.apply(changes());
        assertThat(lake.rows("orders")).containsExactly("1|A|1", "3|c|3", "4|d|4");
        assertThat(catalog.isPlayed()).isTrue();
    }

    @Test
    void a_foreign_compaction_in_between_is_followed() {
        Table other = lake.table("orders");
        catalog.next(real -> {
            OtherWriter.compact(other);
            real.run();
        });
        lake.apply(changes());
        assertThat(lake.rows("orders")).containsExactly("1|A|1", "3|c|3", "4|d|4");
        lake.apply(feed.begin().delete(KEYED, 'K', 3, null, null).commit());
        assertThat(lake.rows("orders")).containsExactly("1|A|1", "4|d|4");
    }

    @Test
    void a_commit_whose_reply_was_lost_is_found_behind_a_foreign_compaction() {
        Table other = lake.table("orders");
        catalog.next(real -> {
            real.run();
            OtherWriter.compact(other);
            throw new IllegalStateException("connection reset");
        });
        lake.apply(changes());
        lake.apply(feed.begin().delete(KEYED, 'K', 3, null, null).commit());
        assertThat(lake.rows("orders")).containsExactly("1|A|1", "4|d|4");
    }

    @Test
    void a_foreign_append_is_followed_and_told() {
        Table other = lake.table("orders");
        catalog.next(real -> {
            OtherWriter.append(other, 2L, "foreign", 9);
            real.run();
        });
        lake.apply(changes());
        WriteResult next = lake.write(
                feed.begin().delete(KEYED, 'K', 3, null, null).commit().batch());
        lake.commit(feed.end());
        assertThat(next.divergences())
                .singleElement()
                .satisfies(d -> assertThat(d.reason()).contains("another writer"));
        assertThat(lake.rows("orders")).containsExactly("1|A|1", "2|b|2", "4|d|4");
    }

    @Test
    void a_foreign_delete_is_followed_and_told() {
        Table other = lake.table("orders");
        catalog.next(real -> {
            OtherWriter.deleteEverything(other);
            real.run();
        });
        lake.apply(changes());
        assertThat(lake.rows("orders")).containsExactly("1|A|1", "4|d|4");
        assertThat(lake.write(ChangeBatch.progress(feed.end())).divergences()).isNotEmpty();
    }

    @Test
    void a_foreign_delete_in_a_file_that_has_deletes_of_ours_is_followed() {
        lake.apply(feed.begin().delete(KEYED, 'K', 1, null, null).commit());
        OtherWriter.deleteRow(lake.table("orders"), "id", 2L);
        lake.write(feed.begin()
                .delete(KEYED, 'K', 3, null, null)
                .insert(KEYED, 4, "d", 4)
                .commit()
                .batch());
        lake.commit(feed.end());
        assertThat(lake.rows("orders")).containsExactly("4|d|4");
    }

    @Test
    void a_compaction_between_commits_is_followed() {
        lake.apply(changes());
        OtherWriter.compact(lake.table("orders"));
        lake.apply(feed.begin()
                .update(KEYED, 1, "again", 1)
                .delete(KEYED, 'K', 4, null, null)
                .commit());
        assertThat(lake.rows("orders")).containsExactly("1|again|1", "3|c|3");
    }

    @Test
    void a_column_dropped_by_somebody_else_holds_the_table() {
        Table other = lake.table("orders");
        catalog.next(real -> {
            other.updateSchema().deleteColumn("name").commit();
            real.run();
        });
        lake.write(changes().batch());
        CommitResult.Outcome outcome = lake.commitResult(feed.end()).outcomes().get(ORDERS);
        assertThat(outcome.kind()).isEqualTo(CommitResult.Kind.HELD);
        assertThat(outcome.failure().orElseThrow().code()).isEqualTo(ErrorCode.TARGET_UNUSABLE);
    }

    @Test
    void a_newer_instance_fences_this_one() throws Exception {
        IcebergSink newer = lake.another(TestLake.PIPELINE_ID, 7);
        newer.resume(KEYED, LOADED_AT);
        ChangeBatch batch = changes().batch();
        newer.write(batch);
        newer.commit(feed.end()).toCompletableFuture().join();
        lake.write(batch);
        assertThatThrownBy(() -> lake.commitResult(feed.end()))
                .hasRootCauseInstanceOf(PhilotesException.class)
                .rootCause()
                .extracting("code")
                .isEqualTo(ErrorCode.FENCED);
        assertThat(lake.rows("orders")).containsExactly("1|A|1", "3|c|3", "4|d|4");
    }

    @Test
    void an_older_instance_that_was_faster_makes_this_one_look_again() throws Exception {
        IcebergSink older = lake.sink();
        ChangeBatch batch = changes().batch();
        IcebergSink newer = lake.restart();
        newer.resume(KEYED, LOADED_AT);
        newer.write(batch);
        older.write(batch);
        older.commit(feed.end()).toCompletableFuture().join();
        CommitResult.Outcome outcome = lake.commitResult(feed.end()).outcomes().get(ORDERS);
        assertThat(outcome.kind()).isEqualTo(CommitResult.Kind.UNKNOWN);
        assertThat(newer.committedUpTo(KEYED)).contains(feed.end());
        newer.resume(KEYED, feed.end());
        lake.write(batch);
        lake.apply(feed.begin().update(KEYED, 1, "next", 1).commit());
        assertThat(lake.rows("orders")).containsExactly("1|next|1", "3|c|3", "4|d|4");
    }

    @Test
    void a_commit_past_its_deadline_is_unknown_and_found_later() {
        CountDownLatch late = new CountDownLatch(1);
        TestLake hasty = new TestLake(catalog, options -> options.commitTimeout(Duration.ofSeconds(2)));
        hasty.sink().resume(KEYED, LOADED_AT);
        CountDownLatch landed = new CountDownLatch(1);
        catalog.next(real -> {
            awaitUninterruptibly(late);
            real.run();
            landed.countDown();
        });
        hasty.write(changes().batch());
        CommitResult.Outcome outcome = hasty.commitResult(feed.end()).outcomes().get(ORDERS);
        assertThat(outcome.kind()).isEqualTo(CommitResult.Kind.UNKNOWN);
        assertThat(hasty.sink().committedUpTo(KEYED)).contains(LOADED_AT);
        late.countDown();
        awaitUninterruptibly(landed);
        assertThat(hasty.sink().committedUpTo(KEYED)).contains(feed.end());
        assertThat(hasty.rows("orders")).containsExactly("1|A|1", "3|c|3", "4|d|4");
    }

    @Test
    void a_commit_that_lands_after_the_next_one_was_planned_is_not_made_twice() throws Exception {
        Gate gate = new Gate();
        TestLake hasty = new TestLake(catalog, options -> options.commitTimeout(Duration.ofSeconds(2)));
        hasty.sink().resume(KEYED, LOADED_AT);
        catalog.next(Fault.hold(gate)).next(Fault.after(() -> landed(gate)));
        ChangeBatch batch = changes().batch();
        hasty.write(batch);
        assertThat(hasty.commitResult(feed.end()).outcomes().get(ORDERS).kind()).isEqualTo(CommitResult.Kind.UNKNOWN);
        hasty.sink().resume(KEYED, LOADED_AT);
        hasty.write(batch);
        CommitResult.Outcome outcome = hasty.commitResult(feed.end()).outcomes().get(ORDERS);
        assertThat(outcome.kind()).isEqualTo(CommitResult.Kind.UNKNOWN);
        assertThat(hasty.restart().committedUpTo(KEYED)).contains(feed.end());
        hasty.sink().resume(KEYED, feed.end());
        assertThat(hasty.write(batch)).isEqualTo(WriteResult.CLEAN);
        assertThat(hasty.commitResult(feed.end())).isEqualTo(CommitResult.EMPTY);
        assertThat(hasty.rows("orders")).containsExactly("1|A|1", "3|c|3", "4|d|4");
        assertThat(hasty.table("orders").history()).hasSize(2);
    }

    private Fault madeAndThenNoAnswerFor(int looks) {
        return call -> {
            call.run();
            for (int look = 0; look < looks; look++) {
                catalog.nextRefresh(Fault.lose());
            }
            throw new IllegalStateException("503");
        };
    }

    private static void landed(Gate gate) {
        gate.open();
        try {
            gate.awaitPassed();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_catalog_that_answers_late_whether_a_commit_landed_is_asked_again() {
        catalog.next(madeAndThenNoAnswerFor(3));
        lake.apply(changes());
        assertThat(lake.rows("orders")).containsExactly("1|A|1", "3|c|3", "4|d|4");
        assertThat(lake.table("orders").history()).hasSize(2);
        assertThat(catalog.isPlayed()).isTrue();
    }

    @Test
    void a_catalog_that_does_not_answer_makes_the_outcome_unknown() {
        TestLake brief = new TestLake(
                catalog,
                options -> options.commitRetry(new CommitRetry(2, 3, Duration.ofMillis(1), Duration.ofMillis(2))));
        brief.sink().resume(KEYED, LOADED_AT);
        catalog.next(madeAndThenNoAnswerFor(3));
        ChangeBatch batch = changes().batch();
        brief.write(batch);
        assertThat(brief.commitResult(feed.end()).outcomes().get(ORDERS).kind()).isEqualTo(CommitResult.Kind.UNKNOWN);
        assertThat(brief.restart().committedUpTo(KEYED)).contains(feed.end());
        assertThat(brief.rows("orders")).containsExactly("1|A|1", "3|c|3", "4|d|4");
    }

    @Test
    void others_that_are_always_faster_are_given_way_to_after_so_many_attempts() {
        TestLake brief = new TestLake(
                catalog,
                options -> options.commitRetry(new CommitRetry(2, 3, Duration.ofMillis(1), Duration.ofMillis(2))));
        brief.sink().resume(KEYED, LOADED_AT);
        Table other = catalog.real().loadTable(TableIdentifier.of("shop", "orders"));
        for (int attempt = 0; attempt < 2; attempt++) {
            catalog.next(Fault.after(() -> OtherWriter.compact(other)));
        }
        ChangeBatch batch = changes().batch();
        brief.write(batch);
        CommitResult.Outcome outcome = brief.commitResult(feed.end()).outcomes().get(ORDERS);
        assertThat(outcome.kind()).isEqualTo(CommitResult.Kind.UNKNOWN);
        assertThat(outcome.failure().orElseThrow().code()).isEqualTo(ErrorCode.COMMIT_REFUSED);
        brief.sink().resume(KEYED, LOADED_AT);
        brief.write(batch);
        brief.commit(feed.end());
        assertThat(brief.rows("orders")).containsExactly("1|A|1", "3|c|3", "4|d|4");
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        while (true) {
            try {
                latch.await();
                return;
            } catch (InterruptedException e) {
                continue;
            }
        }
    }

    private ChangeFeed changes() {
        return feed.begin()
                .update(KEYED, 1, "A", 1)
                .delete(KEYED, 'K', 2, null, null)
                .insert(KEYED, 4, "d", 4)
                .commit();
    }
}
