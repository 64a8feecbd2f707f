// SPDX-License-Identifier: Apache-2.0
package io.philotes.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.PipelineState;
import io.philotes.testkit.Lake;
import io.philotes.testkit.PostgresCluster;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Databases that were put back to an earlier time, with everything by which one might know them again. */
class SourceRewoundTest {

    @TempDir
    Path directory;

    private static final String WORLD = "INSERT INTO items SELECT i, '%s ' || i FROM generate_series(%d, %d) i";

    @ParameterizedTest
    @ValueSource(strings = {"disk", "memory"})
    void a_copy_of_the_files_that_was_put_back_is_known_whatever_its_positions_say(String buffer) throws Exception {
        try (PostgresCluster server = PostgresCluster.start(directory.resolve("server"));
                GuardLab lab = new GuardLab(directory, buffer)) {
            GuardLab.createItems(server);
            lab.catchUp(server);
            server.stop("fast");
            Path backup = server.backup("backup");
            server.start();
            String end = worldA(server, lab);

            server.stop("immediate");
            server.restore(backup);
            server.start();
            worldB(server, end);
            String before = rows(lab);

            GuardLab.assertCode(lab.failureOf(server), ErrorCode.SOURCE_REWOUND);
            assertThat(rows(lab)).isEqualTo(before);
            lab.resyncAll(server);
            lab.catchUp(server);
        }
    }

    /** Changes that are mirrored, and a mark that counts; returns the WAL's end. */
    private static String worldA(PostgresCluster server, GuardLab lab) throws Exception {
        long counter = GuardLab.counter(server);
        try (Pipeline pipeline = lab.start(server)) {
            int i = 1001;
            while (GuardLab.counter(server) <= counter + 1) {
                server.execute(WORLD.formatted("A", i, i));
                i++;
            }
            pipeline.runUntilCaughtUp(GuardLab.LONG);
        }
        lab.assertEqual(server);
        return server.value("SELECT pg_current_wal_flush_lsn()");
    }

    /** Other rows under the same keys, until the WAL is longer than it ever was. */
    private static void worldB(PostgresCluster server, String end) throws Exception {
        server.execute(WORLD.formatted("B", 1001, 1010));
        server.execute("CREATE TABLE filler AS SELECT repeat('x', 1000) FROM generate_series(1, 3000)");
        assertThat(server.value("SELECT pg_current_wal_flush_lsn() > '" + end + "'::pg_lsn"))
                .isEqualTo("t");
    }

    private static String rows(GuardLab lab) {
        return Lake.rows(lab.catalog.loadTable(TableIdentifier.of("lab", "items")), List.of("id", "name")).stream()
                .sorted(Comparator.comparing(Object::toString))
                .toList()
                .toString();
    }

    @Test
    void a_running_pipeline_does_not_read_on_from_a_server_that_was_put_back() throws Exception {
        try (PostgresCluster server = PostgresCluster.start(directory.resolve("server"));
                GuardLab lab = new GuardLab(directory, "disk")) {
            GuardLab.createItems(server);
            lab.catchUp(server);
            server.stop("fast");
            Path backup = server.backup("backup");
            server.start();
            try (Pipeline pipeline = lab.start(server)) {
                long counter = GuardLab.counter(server);
                int i = 1001;
                while (GuardLab.counter(server) <= counter + 1) {
                    server.execute(WORLD.formatted("A", i, i));
                    i++;
                }
                pipeline.runUntilCaughtUp(GuardLab.LONG);
                await().until(() -> pipeline.status().state() == PipelineState.RUNNING);

                String end = server.value("SELECT pg_current_wal_flush_lsn()");

                server.stop("immediate");
                server.restore(backup);
                server.startElsewhere();
                worldB(server, end);
                server.stopElsewhere();
                server.start();

                assertThat(GuardLab.failureOf(pipeline))
                        .hasMessageContaining("its mark is")
                        .extracting(PhilotesException::code)
                        .isEqualTo(ErrorCode.SOURCE_REWOUND);
            }
            lab.resyncAll(server);
            lab.catchUp(server);
        }
    }
}
