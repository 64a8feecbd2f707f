// SPDX-License-Identifier: Apache-2.0
package io.philotes.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.pipeline.Pipeline;
import io.philotes.sink.iceberg.IcebergSink;
import io.philotes.source.postgres.PostgresSourceBuilder;
import io.philotes.testkit.FlakySink;
import io.philotes.testkit.PostgresCluster;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A standby, made from a copy of the primary's files, takes the primary's place. */
class FailoverTest {

    @TempDir
    Path directory;

    private PostgresCluster standbyOf(PostgresCluster primary) throws Exception {
        primary.execute("SELECT pg_create_physical_replication_slot('standby', true)");
        primary.stop("fast");
        PostgresCluster standby = primary.copyTo(directory.resolve("standby"));
        standby.becomeStandbyOf(primary, "standby");
        primary.start();
        standby.start();
        return standby;
    }

    private static String url(PostgresCluster one, PostgresCluster other) {
        return "jdbc:postgresql://127.0.0.1:" + one.port() + ",127.0.0.1:" + other.port() + "/postgres";
    }

    /**
     * By hand: the worker that does it otherwise sleeps up to half a minute, and the slot moves to where running transactions
     * are noted, which is every 15 s.
     */
    private static void awaitSynced(PostgresCluster primary, PostgresCluster standby) {
        await().atMost(GuardLab.LONG).ignoreExceptions().until(() -> {
            primary.value("SELECT pg_log_standby_snapshot()");
            standby.value("SELECT pg_sync_replication_slots()");
            return "t"
                    .equals(standby.value("SELECT synced AND NOT temporary AND invalidation_reason IS NULL"
                            + " FROM pg_replication_slots WHERE slot_name = 'philotes_guard'"));
        });
    }

    @Test
    void the_pipeline_goes_on_with_a_promoted_standby_that_has_everything() throws Exception {
        try (PostgresCluster primary = PostgresCluster.start(directory.resolve("primary"));
                PostgresCluster standby = standbyOf(primary);
                GuardLab lab = new GuardLab(directory, "disk").source(PostgresSourceBuilder::failoverSlot)) {
            primary.configure("synchronized_standby_slots = 'standby'\n");
            primary.reload();
            GuardLab.createItems(primary);
            try (Pipeline pipeline = lab.pipeline(url(primary, standby)).start()) {
                pipeline.runUntilCaughtUp(GuardLab.LONG);
                assertThat(primary.value(
                                "SELECT failover FROM pg_replication_slots WHERE slot_name = 'philotes_guard'"))
                        .isEqualTo("t");
                primary.execute("INSERT INTO items VALUES (1001, 'on the primary')");
                pipeline.runUntilCaughtUp(GuardLab.LONG);
                awaitSynced(primary, standby);

                primary.kill();
                standby.promote();
                standby.execute("INSERT INTO items VALUES (1002, 'on the promoted one')");

                pipeline.runUntilCaughtUp(GuardLab.LONG);
            }
            lab.assertEqual(standby);
            assertThat(standby.value("SELECT left(pg_walfile_name(pg_current_wal_lsn()), 8)"))
                    .isEqualTo("00000002");
            try (Pipeline again = lab.pipeline(url(primary, standby)).start()) {
                standby.execute("INSERT INTO items VALUES (1003, 'after a restart')");
                again.runUntilCaughtUp(GuardLab.LONG);
            }
            lab.assertEqual(standby);
        }
    }

    /** What waits in the buffer then is in no table, and no checkpoint says how far it goes. */
    private static void readIntoTheBufferAlone(Pipeline pipeline, PostgresCluster server, String insert)
            throws Exception {
        server.execute(insert);
        Lsn end = Lsn.parse(server.value("SELECT pg_current_wal_flush_lsn()"));
        await().atMost(GuardLab.LONG)
                .until(() -> !pipeline.status().positions().received().isBefore(end));
    }

    @Test
    void a_process_that_read_from_the_promoted_standby_into_its_buffer_alone_is_gone_on_from() throws Exception {
        try (PostgresCluster primary = PostgresCluster.start(directory.resolve("primary"));
                PostgresCluster standby = standbyOf(primary);
                GuardLab lab = new GuardLab(directory, "disk").source(PostgresSourceBuilder::failoverSlot)) {
            primary.configure("synchronized_standby_slots = 'standby'\n");
            primary.reload();
            GuardLab.createItems(primary);
            FlakySink lake = lake(lab);
            try (Pipeline pipeline =
                    lab.pipeline(url(primary, standby), lake.sink()).start()) {
                pipeline.runUntilCaughtUp(GuardLab.LONG);
                awaitSynced(primary, standby);
                lake.fault(ErrorCode.CATALOG_UNREACHABLE);
                readIntoTheBufferAlone(pipeline, primary, "INSERT INTO items VALUES (1001, 'on the primary')");

                primary.kill();
                standby.promote();
                readIntoTheBufferAlone(pipeline, standby, "INSERT INTO items VALUES (1002, 'on the promoted one')");
            }
            lab.catchUp(standby);
        }
    }

    /** The mark in the source is not renewed meanwhile, or it would tell. */
    @Test
    void a_restart_finds_that_a_promoted_standby_lacks_what_waits_in_the_buffer() throws Exception {
        try (PostgresCluster primary = PostgresCluster.start(directory.resolve("primary"));
                PostgresCluster standby = standbyOf(primary);
                GuardLab lab = new GuardLab(directory, "disk")
                        .source(PostgresSourceBuilder::failoverSlot)
                        .options(options -> options.heartbeatInterval(Duration.ofHours(1)))) {
            GuardLab.createItems(primary);
            FlakySink lake = lake(lab);
            try (Pipeline pipeline =
                    lab.pipeline(url(primary, standby), lake.sink()).start()) {
                pipeline.runUntilCaughtUp(GuardLab.LONG);
                awaitSynced(primary, standby);
                standby.stop("fast");
                lake.fault(ErrorCode.CATALOG_UNREACHABLE);
                readIntoTheBufferAlone(pipeline, primary, "INSERT INTO items VALUES (1001, 'on the primary alone')");
            }
            primary.kill();
            standby.startElsewhere();
            standby.promote();
            standby.execute(
                    "INSERT INTO items VALUES (1001, 'on the standby')",
                    "CREATE TABLE filler AS SELECT repeat('x', 1000) FROM generate_series(1, 3000)");
            standby.stopElsewhere();
            standby.start();

            GuardLab.assertCode(lab.failureOf(standby), ErrorCode.SOURCE_REWOUND);
            GuardLab.assertCode(lab.failureOf(standby), ErrorCode.SOURCE_REWOUND);
            lab.resyncAll(standby);
            lab.catchUp(standby);
        }
    }

    /** A name, or an address that moves, may lead to the standby before that is promoted: it has no slot that streams. */
    @Test
    void a_standby_at_the_only_address_is_waited_for_until_it_is_promoted() throws Exception {
        try (PostgresCluster primary = PostgresCluster.start(directory.resolve("primary"));
                PostgresCluster standby = standbyOf(primary);
                GuardLab lab = new GuardLab(directory, "disk").source(PostgresSourceBuilder::failoverSlot)) {
            GuardLab.createItems(primary);
            try (Pipeline pipeline = lab.start(primary)) {
                pipeline.runUntilCaughtUp(GuardLab.LONG);
                awaitSynced(primary, standby);
                primary.stop("fast");
                standby.stop("fast");
                standby.startAtThePlaceOf(primary);

                GuardLab.assertCode(failureAtTheStandby(pipeline), ErrorCode.SOURCE_UNREACHABLE);

                standby.promote();
                standby.execute("INSERT INTO items VALUES (1001, 'on the promoted one')");
                pipeline.runUntilCaughtUp(GuardLab.LONG);
            }
            lab.assertEqual(standby);
        }
    }

    /** The first that tells of it, or ends the pipeline. */
    private static PhilotesException failureAtTheStandby(Pipeline pipeline) {
        return await().atMost(GuardLab.LONG)
                .until(
                        () -> pipeline.status().failure(),
                        seen -> pipeline.status().state().isFinal()
                                || seen.filter(e -> e.getMessage().contains("standby"))
                                        .isPresent())
                .orElseThrow();
    }

    private static FlakySink lake(GuardLab lab) {
        return new FlakySink(IcebergSink.builder(lab.catalog).namespace("lab").build());
    }

    @Test
    void a_promoted_standby_that_lags_is_a_source_that_went_back() throws Exception {
        try (PostgresCluster primary = PostgresCluster.start(directory.resolve("primary"));
                PostgresCluster standby = standbyOf(primary);
                GuardLab lab = new GuardLab(directory, "disk").source(PostgresSourceBuilder::failoverSlot)) {
            GuardLab.createItems(primary);
            try (Pipeline pipeline = lab.pipeline(url(primary, standby)).start()) {
                pipeline.runUntilCaughtUp(GuardLab.LONG);
                awaitSynced(primary, standby);
                standby.stop("fast");
                primary.execute("INSERT INTO items VALUES (1001, 'on the primary alone')");
                pipeline.runUntilCaughtUp(GuardLab.LONG);
                primary.kill();
                standby.startElsewhere();
                standby.promote();
                standby.execute(
                        "INSERT INTO items VALUES (1001, 'on the standby')",
                        "CREATE TABLE filler AS SELECT repeat('x', 1000) FROM generate_series(1, 3000)");
                standby.stopElsewhere();
                standby.start();

                GuardLab.assertCode(GuardLab.failureOf(pipeline), ErrorCode.SOURCE_REWOUND);
            }
            lab.resyncAll(standby);
            lab.catchUp(standby);
        }
    }
}
