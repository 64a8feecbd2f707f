// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.KEYED;
import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static io.philotes.sink.iceberg.TestLake.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import io.philotes.sink.TableLoad;
import io.philotes.sink.iceberg.local.LocalCatalog;
import io.philotes.testkit.Fault;
import io.philotes.testkit.FaultyCatalog;
import io.philotes.testkit.LakeAudit;
import io.philotes.testkit.OtherWriter;
import io.philotes.testkit.SettableClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What crashes leave behind goes, days later; whatever may be needed stays. */
class OrphanFilesTest {

    private static final TableIdentifier TARGET = TableIdentifier.of("shop", "orders");

    @TempDir
    Path directory;

    private final SettableClock clock = new SettableClock(Instant.now());
    private final ChangeFeed feed = new ChangeFeed(LOADED_AT.value());
    private JdbcCatalog local;
    private FaultyCatalog catalog;
    private int amount;

    @BeforeEach
    void open() {
        local = LocalCatalog.open(directory);
        catalog = new FaultyCatalog(local);
    }

    @AfterEach
    void close() {
        local.close();
    }

    private TestLake lake() {
        return lake(options -> options);
    }

    private TestLake lake(UnaryOperator<IcebergSinkBuilder> options) {
        TestLake lake = new TestLake(catalog, options).clock(clock).loaded(KEYED, row(1, "a", 0), row(2, "b", 0));
        lake.apply(change());
        return lake;
    }

    private ChangeFeed change() {
        return feed.begin().update(KEYED, 1, "a", ++amount).commit();
    }

    private Table others() {
        return local.loadTable(TARGET);
    }

    private Path place(String name) {
        return Path.of(others().location(), name);
    }

    private static void age(Path file, Duration by) {
        try {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(by)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All that is there now was written so long ago. */
    private void ageAll(Duration by) {
        try (Stream<Path> files = Files.walk(Path.of(others().location()))) {
            files.filter(Files::isRegularFile).forEach(file -> age(file, by));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path old(String name) throws IOException {
        Path file = place(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "left behind");
        age(file, Duration.ofDays(5));
        return file;
    }

    private Set<String> files() {
        try (Stream<Path> files = Files.walk(Path.of(others().location()))) {
            return files.filter(Files::isRegularFile)
                    .map(Path::toString)
                    .filter(file -> !file.endsWith(".json"))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A crash, and another process that goes on. */
    private void restart(TestLake lake, Lsn position) {
        lake.restart();
        assertThat(lake.sink().committedUpTo(KEYED)).contains(position);
        lake.sink().resume(KEYED, position);
    }

    /** Goes on for a day, until a sweep has begun and ended. */
    private void sweep(TestLake lake) {
        clock.advance(Duration.ofHours(25));
        lake.apply(change());
        lake.sink().awaitFileRemoval();
        clock.advance(Duration.ofHours(2));
        lake.commit(feed.end());
        lake.sink().awaitFileRemoval();
    }

    private void assertSwept() {
        LakeAudit.assertCompleteWithoutOrphans(others());
    }

    @Test
    void what_was_staged_when_the_process_was_killed_goes() {
        TestLake lake =
                lake(options -> options.commitRetry(new CommitRetry(1, 1, Duration.ofMillis(1), Duration.ofMillis(1))));
        Lsn position = feed.end();
        ChangeBatch batch = change().batch();
        lake.write(batch);
        catalog.next(request -> {
            catalog.nextRefresh(Fault.lose());
            Fault.lose().pass(request);
        });
        Set<String> before = files();
        assertThat(lake.commitResult(feed.end()).outcomes()).isNotEmpty();
        assertThat(catalog.isPlayed()).isTrue();
        assertThat(files()).as("data, deletes and manifests").hasSizeGreaterThan(before.size() + 3);
        ageAll(Duration.ofDays(4));
        restart(lake, position);
        lake.write(batch);
        lake.commit(feed.end());
        sweep(lake);
        assertSwept();
        assertThat(lake.rows("orders")).containsExactly("1|a|" + amount, "2|b|0");
    }

    /** A clock that runs days ahead makes no young file old. */
    @Test
    void a_wrong_clock_makes_no_orphans() throws IOException {
        clock.advance(Duration.ofDays(400));
        TestLake lake = lake();
        Path young = place("data/just-written-by-another-writer.parquet");
        Files.writeString(young, "not committed yet");
        restart(lake, feed.end());
        sweep(lake);
        assertThat(young).exists();
    }

    @Test
    void manifests_of_commits_whose_requests_were_lost_go() {
        TestLake lake = lake();
        for (int i = 0; i < 5; i++) {
            catalog.next(i % 2 == 0 ? Fault.lose() : Fault.failAfter());
            lake.apply(change());
        }
        ageAll(Duration.ofDays(4));
        restart(lake, feed.end());
        sweep(lake);
        assertSwept();
    }

    @Test
    void files_of_a_table_copy_that_died_go() {
        TestLake lake = lake();
        Lsn position = feed.end();
        TableLoad load = lake.sink().load(io.philotes.model.TablePicture.of(KEYED), new Lsn(position.value() + 1));
        try (var writer = load.writer()) {
            writer.write(TestLake.view(7, "x", 7));
        }
        assertThat(files()).hasSizeGreaterThan(0);
        ageAll(Duration.ofDays(4));
        restart(lake, position);
        sweep(lake);
        assertSwept();
    }

    @Test
    void what_expired_in_a_process_that_died_goes() {
        TestLake lake = lake(
                options -> options.keepSnapshots(new SnapshotRetention(Duration.ofDays(3), 10, Duration.ofHours(1))));
        for (int i = 0; i < 20; i++) {
            lake.apply(change());
        }
        ageAll(Duration.ofDays(4));
        restart(lake, feed.end());
        sweep(lake);
        assertSwept();
        assertThat(others().snapshots()).hasSize(10);
    }

    /** Expired now, but of long ago: nothing of it is young, and still a query may read it. */
    @Test
    void what_queries_may_still_read_stays() {
        TestLake lake = lake(
                options -> options.keepSnapshots(new SnapshotRetention(Duration.ofDays(9), 10, Duration.ofDays(2))));
        for (int i = 0; i < 8; i++) {
            lake.apply(change());
        }
        ageAll(Duration.ofDays(4));
        restart(lake, feed.end());
        clock.advance(Duration.ofDays(2));
        Set<String> old = files();
        for (int i = 0; i < 9; i++) {
            lake.apply(change());
            lake.sink().awaitFileRemoval();
        }
        assertThat(files()).containsAll(old);
        clock.advance(Duration.ofDays(3));
        lake.commit(feed.end());
        lake.sink().awaitFileRemoval();
        assertThat(files().containsAll(old)).as("nobody reads them any more").isFalse();
    }

    /** With files that need not stay, some are due after each commit. */
    @Test
    void orphans_have_their_turn_while_table_snapshots_expire_with_every_commit() throws IOException {
        TestLake lake =
                lake(options -> options.keepSnapshots(new SnapshotRetention(Duration.ofDays(3), 10, Duration.ZERO)));
        for (int i = 0; i < 12; i++) {
            lake.apply(change());
        }
        lake.sink().awaitFileRemoval();
        Path orphan = old("data/orphan.parquet");
        restart(lake, feed.end());
        lake.sink().awaitFileRemoval();
        Set<String> before = files();
        for (int i = 0; i < 4; i++) {
            lake.apply(change());
            lake.sink().awaitFileRemoval();
        }
        assertThat(orphan).doesNotExist();
        assertThat(files().containsAll(before))
                .as("files of expired table snapshots have theirs")
                .isFalse();
    }

    @Test
    void young_files_stay() throws IOException {
        TestLake lake = lake();
        Path young = old("data/young.parquet");
        age(young, Duration.ofDays(3).minusMinutes(10));
        restart(lake, feed.end());
        sweep(lake);
        assertThat(young).exists();
        age(young, Duration.ofDays(3).plusMinutes(10));
        sweep(lake);
        assertThat(young).doesNotExist();
    }

    /** The storage may say of a file that waits in this session that it is old. */
    @Test
    void files_that_are_younger_than_the_session_stay() throws IOException {
        clock.advance(Duration.ofDays(-10));
        TestLake lake = lake();
        clock.advance(Duration.ofDays(10));
        Path session = old("data/session.parquet");
        sweep(lake);
        assertThat(session).as("may be staged").exists();
    }

    @Test
    void files_that_are_none_of_a_table_or_lie_where_it_puts_none_stay() throws IOException {
        TestLake lake = lake();
        Path orphan = old("data/day=1/orphan.parquet");
        Set<Path> others = Set.of(
                old("data/notes.txt"),
                old("README.parquet"),
                old("data/other/data/00000-0-x.parquet"),
                old("metadata/sub/snap-1.avro"),
                old("elsewhere/x.parquet"));
        restart(lake, feed.end());
        sweep(lake);
        assertThat(orphan).doesNotExist();
        assertThat(others).allSatisfy(file -> assertThat(file).exists());
    }

    @Test
    void nothing_goes_where_another_table_has_its_metadata_too() throws IOException {
        TestLake lake = lake();
        Path orphan = old("data/orphan.parquet");
        Table theirs = local.buildTable(TableIdentifier.of("shop", "theirs"), others().schema())
                .withLocation(others().location())
                .create();
        OtherWriter.append(theirs, 7L, "theirs", 7);
        ageAll(Duration.ofDays(5));
        restart(lake, feed.end());
        sweep(lake);
        assertThat(orphan).exists();
        LakeAudit.assertComplete(theirs);
    }

    /** The same table, as it is registered in another catalog, with commits of its own. */
    @Test
    void what_only_a_registered_copy_of_the_table_uses_stays() throws IOException {
        TestLake lake = lake();
        String metadata = ((HasTableOperations) others()).operations().current().metadataFileLocation();
        Table copy = local.registerTable(TableIdentifier.of("shop", "copy"), metadata);
        OtherWriter.append(copy, 7L, "theirs", 7);
        OtherWriter.append(copy, 8L, "theirs", 8);
        Path orphan = old("data/orphan.parquet");
        ageAll(Duration.ofDays(5));
        restart(lake, feed.end());
        sweep(lake);
        LakeAudit.assertComplete(copy);
        assertThat(orphan).as("of neither").doesNotExist();
        assertThat(lake.rows("orders")).containsExactly("1|a|" + amount, "2|b|0");
    }

    @Test
    void a_file_that_is_dated_in_the_future_makes_no_other_old() throws IOException {
        TestLake lake = lake();
        Path young = old("data/young.parquet");
        age(young, Duration.ofHours(30));
        Path orphan = old("data/orphan.parquet");
        age(old("metadata/future.txt"), Duration.ofDays(-30));
        restart(lake, feed.end());
        sweep(lake);
        assertThat(young).exists();
        assertThat(orphan).doesNotExist();
    }

    @Test
    void what_only_a_branch_or_a_tag_uses_stays() {
        TestLake lake = lake(options -> options.keepSnapshots(new SnapshotRetention(Duration.ZERO, 10, Duration.ZERO)));
        others().manageSnapshots()
                .createTag("audit", others().currentSnapshot().snapshotId())
                .commit();
        OtherWriter.compact(others());
        for (int i = 0; i < 15; i++) {
            lake.apply(change());
        }
        lake.sink().awaitFileRemoval();
        ageAll(Duration.ofDays(5));
        restart(lake, feed.end());
        sweep(lake);
        assertSwept();
        assertThat(lake.rows("orders", others().refs().get("audit").snapshotId()))
                .containsExactly("1|a|1", "2|b|0");
    }

    @Test
    void a_table_whose_files_others_share_and_a_sink_that_is_told_to_keep_everything() throws IOException {
        TestLake lake = lake();
        Path orphan = old("data/orphan.parquet");
        others().updateProperties().set(TableProperties.GC_ENABLED, "false").commit();
        restart(lake, feed.end());
        sweep(lake);
        assertThat(orphan).exists();
        others().updateProperties().remove(TableProperties.GC_ENABLED).commit();
        TestLake keeping = new TestLake(catalog, IcebergSinkBuilder::keepOrphans).clock(clock);
        keeping.restart();
        restart(keeping, feed.end());
        sweep(keeping);
        assertThat(orphan).exists();
    }

    @Test
    void a_table_that_passed_to_another_pipeline_is_theirs() throws IOException {
        TestLake lake = lake();
        Path orphan = old("data/orphan.parquet");
        restart(lake, feed.end());
        others().updateProperties().set(TargetProperties.OWNER, "somebody else").commit();
        sweep(lake);
        assertThat(orphan).exists();
    }
}
