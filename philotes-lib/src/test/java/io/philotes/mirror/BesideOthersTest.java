// SPDX-License-Identifier: Apache-2.0
package io.philotes.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.TableId;
import io.philotes.pipeline.Pipeline;
import io.philotes.testkit.TestPostgres;
import java.nio.file.Path;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What others do on the same server: a busy neighbour database, and transactions with parts that are rolled back. */
class BesideOthersTest {

    private static final boolean LONG = Boolean.getBoolean("philotes.long");
    private static final int NEIGHBOUR_MEGABYTES = LONG ? 5_000 : 200;
    private static final int CHUNK_MEGABYTES = 20;
    private static final long MOST_RETAINED_BYTES = 64L << 20;
    private static final TableId TABLE = new TableId("public", "t");

    private static TestPostgres server;

    @TempDir
    Path directory;

    @BeforeAll
    static void start() throws Exception {
        server = TestPostgres.start();
        server.createDatabase("neighbour");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void the_slot_of_an_idle_database_moves_while_its_neighbour_is_busy() throws Exception {
        try (MirrorLab lab = new MirrorLab(server, "idle", directory)) {
            lab.sql("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
            try (Pipeline pipeline = lab.pipeline("public.t").start()) {
                MirrorLab.settle(pipeline);
                server.executeIn("neighbour", "CREATE TABLE busy (pad text)");
                long most = 0;
                for (int written = 0; written < NEIGHBOUR_MEGABYTES; written += CHUNK_MEGABYTES) {
                    writeBesides();
                    most = Math.max(most, retained(lab, "restart_lsn"));
                }
                // A checkpoint notes the running transactions in the WAL, and only there restart_lsn can move to.
                Awaitility.await().atMost(MirrorLab.PATIENCE).untilAsserted(() -> {
                    server.execute("CHECKPOINT");
                    assertThat(retained(lab, "restart_lsn")).isLessThan(MOST_RETAINED_BYTES);
                    assertThat(retained(lab, "confirmed_flush_lsn")).isLessThan(MOST_RETAINED_BYTES);
                });
                System.out.println("BesideOthersTest: neighbour wrote " + NEIGHBOUR_MEGABYTES + " MB, the slot kept "
                        + (most >> 20) + " MiB at most, " + (retained(lab, "restart_lsn") >> 20) + " MiB in the end");
            }
        }
    }

    private static void writeBesides() throws Exception {
        server.executeIn(
                "neighbour",
                "INSERT INTO busy SELECT repeat(md5(i::text), 30) FROM generate_series(1, " + CHUNK_MEGABYTES * 1000
                        + ") i",
                "TRUNCATE busy",
                "CHECKPOINT");
    }

    private static long retained(MirrorLab lab, String position) throws Exception {
        return Long.parseLong(lab.value("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), " + position
                + ")::int8 FROM pg_replication_slots WHERE database = '" + lab.database() + "'"));
    }

    @Test
    void a_transaction_with_a_hundred_savepoints_half_of_them_rolled_back_is_mirrored() throws Exception {
        long seed = Long.getLong("philotes.seed", new Random().nextLong());
        System.out.println("BesideOthersTest seed " + seed);
        Random random = new Random(seed);
        try (MirrorLab lab = new MirrorLab(server, "savepoints", directory)) {
            lab.sql(
                    "CREATE TABLE t (id int PRIMARY KEY, ver int NOT NULL, note text)",
                    "INSERT INTO t SELECT i, 0, repeat(md5(i::text), 100) FROM generate_series(1, 500) i");
            try (Pipeline pipeline = lab.pipeline("public.t").start()) {
                MirrorLab.settle(pipeline);
                lab.sql("BEGIN");
                for (int i = 0; i < 100; i++) {
                    savepoint(lab, i, random);
                }
                lab.sql("COMMIT");
                assertThat(lab.value("SELECT count(*) > 500 FROM t WHERE ver > 0"))
                        .isEqualTo("t");
                pipeline.runUntilCaughtUp(MirrorLab.PATIENCE);
                lab.assertMirrored(TABLE);
            }
        }
    }

    /** Inserts, updates and deletes behind a savepoint; every second one is undone, some with the one before inside. */
    private static void savepoint(MirrorLab lab, int number, Random random) throws Exception {
        int first = 1_000 + number * 20;
        int moved = random.nextInt(500);
        lab.sql(
                "SAVEPOINT s" + number,
                "INSERT INTO t SELECT i, " + number + " + 1, 'new' FROM generate_series(" + first + ", " + (first + 19)
                        + ") i",
                "UPDATE t SET ver = ver + 1 WHERE id % 7 = " + random.nextInt(7),
                "UPDATE t SET id = -id - 100000 * " + (number + 1) + " WHERE id = " + moved,
                "DELETE FROM t WHERE id = " + random.nextInt(500));
        if (number % 2 == 1) {
            lab.sql("ROLLBACK TO s" + (random.nextInt(10) == 0 ? number - 1 : number));
        } else if (random.nextBoolean()) {
            lab.sql("RELEASE s" + number, "SAVEPOINT s" + number);
        }
    }
}
