// SPDX-License-Identifier: Apache-2.0
package io.philotes.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.pipeline.Pipeline;
import io.philotes.testkit.PostgresCluster;
import io.philotes.testkit.TestPostgres;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What others do to slot and publication: each is loud, and the command that it names heals it. */
class SlotLossTest {

    private static final String SLOT = "'philotes_guard'";

    @TempDir
    Path directory;

    private interface Harm {
        void to(PostgresCluster server) throws Exception;
    }

    private PhilotesException harmed(Harm harm, String... settings) throws Exception {
        return harmed(TestPostgres.DEFAULT_VERSION, harm, settings);
    }

    private PhilotesException harmed(int version, Harm harm, String... settings) throws Exception {
        try (PostgresCluster server = PostgresCluster.start(version, directory.resolve("server"), settings);
                GuardLab lab = new GuardLab(directory, "disk")) {
            GuardLab.createItems(server);
            lab.catchUp(server);
            harm.to(server);
            server.execute("INSERT INTO items VALUES (2000, 'after it')");
            PhilotesException failure = lab.failureOf(server);
            assertThat(lab.failureOf(server).code()).as("a second start").isEqualTo(failure.code());
            assertThat(failure.hint()).contains("resync");
            lab.resyncAll(server);
            lab.catchUp(server);
            return failure;
        }
    }

    @Test
    void a_slot_whose_wal_the_server_threw_away_is_lost() throws Exception {
        PhilotesException failure = harmed(
                server -> {
                    server.execute("CREATE TABLE filler (x text)");
                    for (int i = 0; i < 10; i++) {
                        server.execute(
                                "INSERT INTO filler SELECT repeat('x', 2000) FROM generate_series(1, 5000)",
                                "SELECT pg_switch_wal()",
                                "CHECKPOINT");
                    }
                    assertThat(server.value("SELECT wal_status FROM pg_replication_slots"))
                            .isEqualTo("lost");
                },
                "max_slot_wal_keep_size = 16MB");
        GuardLab.assertCode(failure, ErrorCode.SLOT_LOST);
    }

    @Test
    void a_slot_that_nobody_read_for_too_long_is_lost() throws Exception {
        PhilotesException failure = harmed(18, server -> {
            server.configure("idle_replication_slot_timeout = '1s'\n");
            server.reload();
            Awaitility.await().atMost(GuardLab.LONG).until(() -> {
                server.execute("CHECKPOINT");
                return server.value("SELECT invalidation_reason FROM pg_replication_slots") != null;
            });
            server.configure("idle_replication_slot_timeout = 0\n");
            server.reload();
        });
        GuardLab.assertCode(failure, ErrorCode.SLOT_LOST);
        assertThat(failure.getMessage()).contains("idle_timeout");
    }

    @Test
    void a_slot_that_somebody_dropped_is_lost() throws Exception {
        GuardLab.assertCode(
                harmed(server -> server.execute("SELECT pg_drop_replication_slot(" + SLOT + ")")), ErrorCode.SLOT_LOST);
    }

    @Test
    void a_slot_that_somebody_made_anew_or_moved_is_ahead() throws Exception {
        PhilotesException failure = harmed(server -> server.execute(
                "INSERT INTO items VALUES (1001, 'never sent')",
                "SELECT pg_drop_replication_slot(" + SLOT + ")",
                "SELECT pg_create_logical_replication_slot(" + SLOT + ", 'pgoutput')"));
        GuardLab.assertCode(failure, ErrorCode.SLOT_AHEAD);
    }

    @Test
    void a_slot_that_somebody_read_is_ahead() throws Exception {
        PhilotesException failure = harmed(server -> server.execute(
                "INSERT INTO items VALUES (1001, 'never sent')",
                "SELECT pg_replication_slot_advance(" + SLOT + ", pg_current_wal_lsn())"));
        GuardLab.assertCode(failure, ErrorCode.SLOT_AHEAD);
    }

    @Test
    void a_publication_that_was_dropped_and_made_again_says_so() throws Exception {
        PhilotesException failure = harmed(server -> server.execute(
                "DROP PUBLICATION philotes_guard",
                "INSERT INTO items VALUES (1001, 'in no publication')",
                "CREATE PUBLICATION philotes_guard FOR TABLE items WITH (publish_via_partition_root = true)"));
        GuardLab.assertCode(failure, ErrorCode.PUBLICATION_RECREATED);
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 18})
    void nor_is_it_gone_on_from_while_the_pipeline_runs(int version) throws Exception {
        recreated(
                version,
                "DROP PUBLICATION philotes_guard",
                "INSERT INTO items VALUES (1001, 'in no publication')",
                "CREATE PUBLICATION philotes_guard FOR TABLE items WITH (publish_via_partition_root = true)",
                "INSERT INTO items VALUES (1002, 'in another')");
    }

    @Test
    void nor_when_nothing_shows_it_in_the_stream() throws Exception {
        recreated(
                TestPostgres.DEFAULT_VERSION,
                "DROP PUBLICATION philotes_guard",
                "CREATE PUBLICATION philotes_guard FOR TABLE items WITH (publish_via_partition_root = true)");
    }

    private void recreated(int version, String... statements) throws Exception {
        try (PostgresCluster server = PostgresCluster.start(version, directory.resolve("server"));
                GuardLab lab = new GuardLab(directory, "memory")) {
            GuardLab.createItems(server);
            try (Pipeline pipeline = lab.start(server)) {
                pipeline.runUntilCaughtUp(GuardLab.LONG);
                server.execute(statements);
                GuardLab.assertCode(GuardLab.failureOf(pipeline), ErrorCode.PUBLICATION_RECREATED);
            }
            lab.resyncAll(server);
            lab.catchUp(server);
        }
    }
}
