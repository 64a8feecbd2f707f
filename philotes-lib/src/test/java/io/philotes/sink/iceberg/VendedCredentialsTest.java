// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.KEYED;
import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static io.philotes.sink.iceberg.TestLake.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.error.PhilotesException;
import io.philotes.error.Recovery;
import io.philotes.health.Finding;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import io.philotes.model.TablePicture;
import io.philotes.sink.RangeWriter;
import io.philotes.sink.TableLoad;
import io.philotes.sink.iceberg.internal.auth.TokenAuthManager;
import io.philotes.testkit.RestFixture;
import io.philotes.testkit.S3Gate;
import io.philotes.testkit.S3Server;
import io.philotes.testkit.SettableClock;
import io.philotes.testkit.TestDirectories;
import io.philotes.testkit.VendingCatalog;
import io.philotes.testkit.VendingCatalog.Refresh;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.rest.RESTCatalog;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A sink that runs for longer than the keys live which the catalog gave it for the storage. */
class VendedCredentialsTest {

    private static final TableIdentifier TARGET = TableIdentifier.of("shop", "orders");

    @TempDir
    static Path directory;

    private static S3Server storage;
    private static S3Gate gate;
    private static RestFixture server;

    private RESTCatalog client;

    private final SettableClock clock = new SettableClock(Instant.now());
    private final ChangeFeed feed = new ChangeFeed(LOADED_AT.value());
    private int amount;

    @BeforeAll
    static void start() throws Exception {
        storage = S3Server.start(directory);
        gate = new S3Gate(storage);
        server = RestFixture.start(directory, storage);
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable each : Arrays.asList(server, gate, storage)) {
            if (each != null) {
                each.close();
            }
        }
    }

    private void dropTable() throws IOException {
        client.dropTable(TARGET, false);
        client.close();
        TestDirectories.delete(table());
    }

    private RESTCatalog client(VendingCatalog catalog) {
        gate.rule(catalog::check);
        client = new RESTCatalog();
        Map<String, String> properties = new TreeMap<>(TokenAuthManager.properties(any -> VendingCatalog.TOKEN));
        properties.putAll(Map.of(
                "uri", catalog.uri(),
                "io-impl", "org.apache.iceberg.aws.s3.S3FileIO",
                "s3.endpoint", gate.uri(),
                "s3.path-style-access", "true",
                "client.region", S3Server.REGION,
                "s3.retry.num-retries", "1",
                "s3.retry.min-wait-ms", "20",
                "header.X-Iceberg-Access-Delegation", "vended-credentials",
                "rest-metrics-reporting-enabled", "false"));
        client.initialize("lake", properties);
        return client;
    }

    private ChangeFeed change() {
        return feed.begin()
                .update(KEYED, 1, "a", ++amount)
                .insert(KEYED, 10 + amount, "x", 0)
                .commit();
    }

    private TestLake lake(RESTCatalog client) {
        return new TestLake(
                        client,
                        options -> options.keepSnapshots(new SnapshotRetention(Duration.ZERO, 10, Duration.ZERO))
                                .compaction(CompactionOptions.DEFAULT
                                        .withMinFiles(3)
                                        .withMinDeletedRows(1)
                                        .withCpuShare(1)))
                .clock(clock);
    }

    /** Each thing that holds a table for long begins it with one key and ends it when that is worth nothing any more. */
    @ParameterizedTest
    @EnumSource
    void everything_outlives_the_keys(Refresh refresh) throws Exception {
        try (VendingCatalog catalog = new VendingCatalog(server, refresh)) {
            TestLake lake = lake(client(catalog));
            copy(lake, catalog);
            writeAndCommit(lake, catalog);
            buildTheIndex(lake, catalog);
            compact(lake, catalog);
            removeFiles(lake, catalog);
            removeOrphans(lake, catalog);
            outlive(lake, catalog);
            assertThat(lake.sink().check("shop", List.of(KEYED)))
                    .as("the storage can be tried before the start")
                    .contains(Finding.ok("storage", "can be written to and read"));
            assertThat(lake.rows("orders")).contains("1|a|" + amount, "2|b|0").hasSize(2 + amount);
            assertThat(catalog.renewals() > 0).isEqualTo(refresh == Refresh.ENDPOINT);
            assertThat(gate.refused()).isEmpty();
            lake.sink().close();
            dropTable();
        }
    }

    private static void copy(TestLake lake, VendingCatalog catalog) {
        try (TableLoad load = lake.sink().load(TablePicture.of(KEYED), LOADED_AT)) {
            write(load, 1, "a", 0);
            catalog.outlive();
            write(load, 2, "b", 0);
            catalog.outlive();
            load.commit();
        }
    }

    /** What began in the background before is at its end: that cannot change its keys where only loading brings others. */
    private static void outlive(TestLake lake, VendingCatalog catalog) {
        settle(lake);
        catalog.outlive();
    }

    private static void settle(TestLake lake) {
        Compactions.awaitCopy(lake);
        lake.sink().awaitFileRemoval();
    }

    private void restart(TestLake lake) {
        settle(lake);
        lake.restart();
        lake.sink().resume(KEYED, feed.end());
    }

    private static void write(TableLoad load, Object... row) {
        try (RangeWriter writer = load.writer()) {
            writer.write(TestLake.view(row));
        }
    }

    private void writeAndCommit(TestLake lake, VendingCatalog catalog) {
        for (int round = 0; round < 2; round++) {
            outlive(lake, catalog);
            lake.apply(change());
        }
    }

    private void buildTheIndex(TestLake lake, VendingCatalog catalog) {
        restart(lake);
        outlive(lake, catalog);
        lake.apply(change());
    }

    private void compact(TestLake lake, VendingCatalog catalog) {
        for (int round = 0; round < 3; round++) {
            lake.apply(change());
            outlive(lake, catalog);
            Compactions.tend(lake);
        }
        assertThat(lake.table("orders").snapshots()).anyMatch(snapshot -> "replace".equals(snapshot.operation()));
    }

    private void removeFiles(TestLake lake, VendingCatalog catalog) throws IOException {
        Set<Path> before = files();
        for (int round = 0; round < 4; round++) {
            if (round == 2) {
                outlive(lake, catalog);
            }
            lake.apply(change());
            lake.sink().awaitFileRemoval();
        }
        assertThat(files().containsAll(first(before)))
                .as("files of expired table snapshots are still there")
                .isFalse();
    }

    private static Set<Path> first(Set<Path> files) {
        return files.stream()
                .filter(file -> file.getFileName().toString().startsWith("snap-"))
                .collect(Collectors.toSet());
    }

    private void removeOrphans(TestLake lake, VendingCatalog catalog) throws IOException {
        Path orphan = table().resolve("data/orphan.parquet");
        Files.writeString(orphan, "left behind");
        for (Path file : files()) {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(4))));
        }
        restart(lake);
        clock.advance(Duration.ofHours(25));
        outlive(lake, catalog);
        lake.apply(change());
        lake.sink().awaitFileRemoval();
        lake.commit(feed.end());
        lake.sink().awaitFileRemoval();
        assertThat(orphan).doesNotExist();
    }

    @ParameterizedTest
    @EnumSource
    void while_nobody_gives_keys_it_fails_loudly_and_then_goes_on(Refresh refresh) throws Exception {
        try (VendingCatalog catalog = new VendingCatalog(server, refresh)) {
            TestLake lake = new TestLake(client(catalog), options -> options).loaded(KEYED, row(1, "a", 0));
            lake.apply(change());
            Lsn before = feed.end();
            ChangeBatch batch = change().batch();
            catalog.refuse(true);
            catalog.outlive();
            PhilotesException failure = failure(lake, batch);
            assertThat(failure.recovery()).isIn(Recovery.RETRY, Recovery.RECONCILE);
            assertThat(catalog.refusals()).isPositive();
            catalog.refuse(false);
            lake.restart();
            assertThat(lake.sink().committedUpTo(KEYED)).contains(before);
            lake.sink().resume(KEYED, before);
            lake.write(batch);
            lake.commit(feed.end());
            assertThat(lake.rows("orders")).containsExactly("11|x|0", "12|x|0", "1|a|2");
            lake.sink().close();
            dropTable();
        }
    }

    private PhilotesException failure(TestLake lake, ChangeBatch batch) {
        try {
            lake.write(batch);
        } catch (PhilotesException e) {
            return e;
        }
        return lake.commitResult(feed.end()).outcomes().values().stream()
                .flatMap(outcome -> outcome.failure().stream())
                .findFirst()
                .orElseThrow();
    }

    private static Path table() {
        return storage.bucket().resolve("warehouse/shop/orders");
    }

    private static Set<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(table())) {
            return all.filter(Files::isRegularFile).collect(Collectors.toSet());
        }
    }
}
