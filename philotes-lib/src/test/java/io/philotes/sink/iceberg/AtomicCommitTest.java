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
import io.philotes.health.Finding;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.TableId;
import io.philotes.sink.CommitResult;
import io.philotes.sink.CommitResult.Kind;
import io.philotes.sink.CommitResult.Outcome;
import io.philotes.testkit.Fault;
import io.philotes.testkit.Gate;
import io.philotes.testkit.OtherWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.MetadataUpdate;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableCommit;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.exceptions.NotAuthorizedException;
import org.apache.iceberg.inmemory.InMemoryFileIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All tables in one request, and everything that can come of it. */
class AtomicCommitTest {

    private static final TableId ITEMS = new TableId("public", "items");
    private static final RelationSchema SECOND =
            new RelationSchema(4712, ITEMS, KEYED.identity(), KEYED.columns(), KEYED.keyColumns());
    private static final CommitRetry BRIEF = new CommitRetry(2, 3, Duration.ofMillis(1), Duration.ofMillis(2));

    private final CommonCatalog catalog = new CommonCatalog();
    private final ChangeFeed feed = new ChangeFeed(LOADED_AT.value());
    private TestLake lake = loaded();

    private TestLake loaded() {
        return new TestLake(catalog, IcebergSinkBuilder::atomicCommits)
                .loaded(KEYED, row(1, "a", 1), row(2, "b", 2), row(3, "c", 3))
                .loaded(SECOND, row(1, "x", 1));
    }

    /** Another sink over the same tables. */
    private void again(CommitRetry retry, Duration timeout) {
        lake = new TestLake(
                catalog, options -> options.atomicCommits().commitRetry(retry).commitTimeout(timeout));
        resume(LOADED_AT);
    }

    private void resume(Lsn position) {
        lake.sink().resume(KEYED, position);
        lake.sink().resume(SECOND, position);
    }

    private ChangeFeed changes() {
        return feed.begin()
                .update(KEYED, 1, "A", 1)
                .delete(KEYED, 'K', 2, null, null)
                .insert(SECOND, 2, "y", 2)
                .insert(KEYED, 4, "d", 4)
                .commit();
    }

    private void requireChanged() {
        assertThat(lake.rows("orders")).containsExactly("1|A|1", "3|c|3", "4|d|4");
        assertThat(lake.rows("items")).containsExactly("1|x|1", "2|y|2");
        requireAllAt(feed.end());
    }

    private void requireUnchanged() {
        assertThat(lake.rows("orders")).containsExactly("1|a|1", "2|b|2", "3|c|3");
        assertThat(lake.rows("items")).containsExactly("1|x|1");
    }

    private void requireAllAt(Lsn position) {
        assertThat(lake.sink().committedUpTo(KEYED)).contains(position);
        assertThat(lake.sink().committedUpTo(SECOND)).contains(position);
    }

    private Map<TableId, Outcome> commitChanges() {
        lake.write(changes().batch());
        return lake.commitResult(feed.end()).outcomes();
    }

    /** What the engine does after an outcome that is not known: it asks, and brings again what is missing. */
    private void commitAgain(ChangeBatch batch) {
        resume(LOADED_AT);
        lake.write(batch);
        lake.commit(feed.end());
    }

    private static void requireUnknown(Map<TableId, Outcome> outcomes, ErrorCode code) {
        assertThat(outcomes).containsOnlyKeys(ORDERS, ITEMS);
        assertThat(outcomes.values()).allSatisfy(outcome -> {
            assertThat(outcome.kind()).isEqualTo(Kind.UNKNOWN);
            assertThat(outcome.failure().orElseThrow().code()).isEqualTo(code);
        });
    }

    @Test
    void tables_commit_in_one_request() {
        lake.apply(changes());
        requireChanged();
        lake.apply(feed.begin()
                .update(SECOND, 2, "Y", 2)
                .delete(KEYED, 'K', 4, null, null)
                .commit());
        assertThat(catalog.requests()).containsExactly(2, 2);
        assertThat(lake.rows("items")).containsExactly("1|x|1", "2|Y|2");
        assertThat(lake.rows("orders")).containsExactly("1|A|1", "3|c|3");
    }

    @Test
    void one_table_alone_needs_no_common_request() {
        lake.apply(feed.begin().insert(SECOND, 2, "y", 2).commit());
        assertThat(catalog.requests()).isEmpty();
        assertThat(lake.rows("items")).containsExactly("1|x|1", "2|y|2");
    }

    @Test
    void a_lost_reply_does_not_commit_twice() {
        catalog.nextRequest(Fault.failAfter());
        lake.apply(changes());
        requireChanged();
        lake.apply(
                feed.begin().update(KEYED, 4, "D", 5).insert(SECOND, 3, "z", 3).commit());
        assertThat(lake.table("orders").history()).hasSize(3);
        assertThat(lake.table("items").history()).hasSize(3);
    }

    @Test
    void a_commit_that_was_made_and_is_called_refused_keeps_its_files() {
        catalog.nextRequest(Fault.failAfter(() -> new CommitFailedException("the table has moved")));
        lake.apply(changes());
        requireChanged();
        assertThat(catalog.requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void a_commit_that_was_made_and_is_called_refused_keeps_its_files_though_looks_are_old(int oldLooks) {
        catalog.nextRequest(request -> {
            request.run();
            for (int look = 0; look < oldLooks; look++) {
                catalog.nextOldLook();
            }
            throw new CommitFailedException("the table has moved");
        });
        lake.apply(changes());
        requireChanged();
        assertThat(lake.table("orders").history()).hasSize(2);
        assertThat(lake.table("items").history()).hasSize(2);
    }

    @Test
    void a_lost_request_is_sent_again() {
        catalog.nextRequest(Fault.lose()).nextRequest(Fault.lose());
        lake.apply(changes());
        requireChanged();
        assertThat(catalog.requests()).containsExactly(2, 2, 2);
    }

    @Test
    void a_foreign_compaction_of_one_table_is_followed_and_all_go_again() {
        Table other = lake.table("orders");
        catalog.nextRequest(Fault.after(() -> OtherWriter.compact(other)));
        lake.apply(changes());
        requireChanged();
        assertThat(catalog.requests()).containsExactly(2, 2);
        assertThat(lake.table("items").history()).hasSize(2);
        // What the other table had prepared stays: a late request might still refer to it.
        assertThat(manifestListsThere("orders")).isEqualTo(1);
        assertThat(manifestListsThere("items")).isEqualTo(2);
    }

    private long manifestListsThere(String name) {
        InMemoryFileIO files = (InMemoryFileIO) lake.table(name).io();
        return catalog.partsOf(name).stream()
                .flatMap(part -> part.updates().stream())
                .filter(MetadataUpdate.AddSnapshot.class::isInstance)
                .map(update -> ((MetadataUpdate.AddSnapshot) update).snapshot().manifestListLocation())
                .filter(files::fileExists)
                .count();
    }

    /** Its files may go when others came first: the sequence number that it would have is taken for ever. */
    @Test
    void a_late_request_is_not_let_in_by_a_rollback() {
        Table other = lake.table("orders");
        long before = other.currentSnapshot().snapshotId();
        catalog.nextRequest(Fault.lose())
                .nextRequest(Fault.after(() -> OtherWriter.compact(other)))
                .nextRequest(Fault.after(() -> {
                    other.refresh();
                    other.manageSnapshots().rollbackTo(before).commit();
                }));
        Map<TableId, Outcome> outcomes = commitChanges();
        assertThat(outcomes.get(ORDERS).kind()).isEqualTo(Kind.HELD);
        assertThat(outcomes.get(ORDERS).failure().orElseThrow().code()).isEqualTo(ErrorCode.TABLE_ROLLED_BACK);
        assertThat(outcomes.get(ITEMS).kind()).isEqualTo(Kind.COMMITTED);
        TableCommit late = catalog.partsOf("orders").get(0);
        assertThatThrownBy(() -> catalog.make(List.of(late))).hasMessageContaining("sequence number");
        other.refresh();
        assertThat(other.currentSnapshot().snapshotId()).isEqualTo(before);
    }

    @Test
    void a_server_that_does_not_know_the_request_is_a_wrong_configuration() {
        for (RuntimeException answer :
                List.of(new NoSuchTableException("404: no such endpoint"), new UnsupportedOperationException("405"))) {
            int before = catalog.requests().size();
            catalog.nextRequest(Fault.reject(() -> answer)).nextRequest(Fault.reject(() -> answer));
            lake.write(changes().batch());
            assertThatThrownBy(() -> lake.commitResult(feed.end()))
                    .cause()
                    .extracting("code")
                    .isEqualTo(ErrorCode.INVALID_CONFIGURATION);
            assertThat(catalog.requests().size() - before).isLessThanOrEqualTo(2);
            requireUnchanged();
            again(CommitRetry.DEFAULT, Duration.ofMinutes(1));
        }
    }

    /** A heap that is full, or a thread that cannot be made: what was sent is not known then, and must not be removed. */
    @Test
    void an_error_in_the_middle_removes_nothing_that_the_tables_may_have() {
        catalog.nextRequest(request -> {
            request.run();
            throw new OutOfMemoryError("for the test");
        });
        lake.write(changes().batch());
        lake.commitResult(feed.end());
        lake.sink().close();
        requireChanged();
    }

    @Test
    void a_foreign_append_while_the_tables_are_being_prepared_is_followed_and_told() {
        Table other = lake.table("orders");
        lake.write(changes().batch());
        OtherWriter.append(other, 9L, "foreign", 9);
        lake.commit(feed.end());
        assertThat(lake.rows("orders")).containsExactly("1|A|1", "3|c|3", "4|d|4", "9|foreign|9");
        assertThat(lake.write(ChangeBatch.progress(feed.end())).divergences())
                .singleElement()
                .satisfies(d -> assertThat(d.reason()).contains("another writer"));
    }

    @Test
    void the_rest_of_a_half_that_was_called_done_is_sent_again() {
        catalog.nextHalfRequest(Runnable::run);
        lake.apply(changes());
        requireChanged();
        assertThat(catalog.requests()).containsExactly(2, 1);
    }

    @Test
    void the_rest_of_a_half_whose_reply_was_lost_is_sent_again() {
        catalog.nextHalfRequest(Fault.failAfter());
        lake.apply(changes());
        requireChanged();
        assertThat(lake.table("items").history()).hasSize(2);
        assertThat(lake.table("orders").history()).hasSize(2);
    }

    @Test
    void the_rest_of_a_half_that_was_called_refused_is_sent_again() {
        catalog.nextHalfRequest(Fault.failAfter(() -> new CommitFailedException("the table has moved")));
        lake.apply(changes());
        requireChanged();
    }

    @Test
    void a_table_that_is_held_leaves_the_round() {
        Table other = lake.table("orders");
        catalog.nextRequest(
                Fault.after(() -> other.updateSchema().deleteColumn("name").commit()));
        Map<TableId, Outcome> outcomes = commitChanges();
        assertThat(outcomes.get(ORDERS).kind()).isEqualTo(Kind.HELD);
        assertThat(outcomes.get(ORDERS).failure().orElseThrow().code()).isEqualTo(ErrorCode.TARGET_UNUSABLE);
        assertThat(outcomes.get(ITEMS).kind()).isEqualTo(Kind.COMMITTED);
        assertThat(lake.rows("items")).containsExactly("1|x|1", "2|y|2");
    }

    @Test
    void a_table_that_was_made_anew_leaves_the_round() {
        TableIdentifier orders = TableIdentifier.of("shop", "orders");
        catalog.nextRequest(Fault.after(() -> {
            catalog.dropTable(orders, false);
            catalog.real().createTable(orders, lake.table("items").schema());
        }));
        Map<TableId, Outcome> outcomes = commitChanges();
        assertThat(outcomes.get(ORDERS).kind()).isEqualTo(Kind.HELD);
        assertThat(outcomes.get(ORDERS).failure().orElseThrow().code()).isEqualTo(ErrorCode.TABLE_ROLLED_BACK);
        assertThat(outcomes.get(ITEMS).kind()).isEqualTo(Kind.COMMITTED);
        assertThat(lake.rows("items")).containsExactly("1|x|1", "2|y|2");
    }

    @Test
    void a_catalog_that_does_not_let_it_in_is_asked_once_and_nothing_is_committed() {
        for (RuntimeException refusal :
                List.of(new ForbiddenException("no"), new NotAuthorizedException("who are you"))) {
            catalog.nextRequest(Fault.reject(() -> refusal));
            int before = catalog.requests().size();
            ChangeBatch batch = changes().batch();
            lake.write(batch);
            requireUnknown(lake.commitResult(feed.end()).outcomes(), ErrorCode.CATALOG_UNREACHABLE);
            assertThat(catalog.requests()).hasSize(before + 1);
            requireUnchanged();
            resume(LOADED_AT);
        }
        ChangeBatch batch = changes().batch();
        commitAgain(batch);
        requireChanged();
    }

    @Test
    void others_that_are_always_faster_are_given_way_to_after_so_many_attempts() {
        again(BRIEF, Duration.ofMinutes(1));
        Table other = lake.table("orders");
        for (int attempt = 0; attempt < 2; attempt++) {
            catalog.nextRequest(Fault.after(() -> OtherWriter.compact(other)));
        }
        ChangeBatch batch = changes().batch();
        lake.write(batch);
        requireUnknown(lake.commitResult(feed.end()).outcomes(), ErrorCode.COMMIT_REFUSED);
        requireUnchanged();
        commitAgain(batch);
        requireChanged();
    }

    @Test
    void a_request_past_its_deadline_is_unknown_and_found_later() throws Exception {
        again(CommitRetry.DEFAULT, Duration.ofSeconds(2));
        Gate gate = new Gate();
        catalog.nextRequest(Fault.hold(gate));
        requireUnknown(commitChanges(), ErrorCode.COMMIT_UNKNOWN);
        requireUnchanged();
        gate.open();
        gate.awaitPassed();
        requireChanged();
    }

    @Test
    void a_request_that_lands_after_the_next_one_was_prepared_is_not_made_twice() throws Exception {
        again(CommitRetry.DEFAULT, Duration.ofSeconds(2));
        Gate gate = new Gate();
        catalog.nextRequest(Fault.hold(gate)).nextRequest(Fault.after(() -> landed(gate)));
        ChangeBatch batch = changes().batch();
        lake.write(batch);
        requireUnknown(lake.commitResult(feed.end()).outcomes(), ErrorCode.COMMIT_UNKNOWN);
        resume(LOADED_AT);
        lake.write(batch);
        Map<TableId, Outcome> second = lake.commitResult(feed.end()).outcomes();
        assertThat(second.values()).extracting(Outcome::kind).containsOnly(Kind.UNKNOWN);
        lake.restart();
        requireAllAt(feed.end());
        resume(feed.end());
        lake.write(batch);
        assertThat(lake.commitResult(feed.end())).isEqualTo(CommitResult.EMPTY);
        requireChanged();
        assertThat(lake.table("orders").history()).hasSize(2);
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
    void a_newer_instance_fences_this_one_and_nothing_of_it_is_sent() throws Exception {
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
        assertThat(catalog.requests()).isEmpty();
        assertThat(lake.rows("items")).containsExactly("1|x|1");
    }

    @Test
    void nothing_is_sent_when_one_table_cannot_be_prepared() {
        lake = new TestLake(
                catalog, options -> options.atomicCommits().commitRetry(BRIEF).commitParallelism(1));
        resume(LOADED_AT);
        for (int request = 0; request < 1 + BRIEF.looks(); request++) {
            catalog.nextRefresh(Fault.lose());
        }
        ChangeBatch batch = changes().batch();
        lake.write(batch);
        Map<TableId, Outcome> outcomes = lake.commitResult(feed.end()).outcomes();
        assertThat(outcomes.values()).extracting(Outcome::kind).containsOnly(Kind.UNKNOWN);
        assertThat(outcomes.get(ITEMS).failure().orElseThrow().code()).isEqualTo(ErrorCode.COMMIT_UNKNOWN);
        assertThat(outcomes.get(ORDERS).failure().orElseThrow())
                .hasMessageContaining("the same commit failed elsewhere: PHI-4006");
        assertThat(catalog.requests()).isEmpty();
        requireUnchanged();
        commitAgain(batch);
        requireChanged();
    }

    @Test
    void an_interrupt_while_the_request_is_under_way_leaves_all_unknown() throws Exception {
        Gate gate = new Gate();
        Thread applying = Thread.currentThread();
        catalog.nextRequest(request -> {
            applying.interrupt();
            Fault.hold(gate).pass(request);
        });
        Map<TableId, Outcome> outcomes = commitChanges();
        assertThat(Thread.interrupted()).isTrue();
        requireUnknown(outcomes, ErrorCode.COMMIT_UNKNOWN);
        gate.open();
        gate.awaitPassed();
        requireChanged();
    }

    @Test
    void a_catalog_that_cannot_is_refused_at_the_check_and_at_the_start() {
        assertThatThrownBy(() -> new TestLake(IcebergSinkBuilder::atomicCommits))
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION));
        IcebergSink sink = IcebergSink.builder(TestLake.memoryCatalog())
                .namespace("shop")
                .atomicCommits()
                .build();
        assertThat(sink.check("shop", List.of()))
                .filteredOn(finding -> finding.subject().equals("commit.atomic"))
                .singleElement()
                .extracting(Finding::severity)
                .isEqualTo(Finding.Severity.ERROR);
    }
}
