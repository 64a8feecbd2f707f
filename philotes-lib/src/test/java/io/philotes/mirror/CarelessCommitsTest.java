// SPDX-License-Identifier: Apache-2.0
package io.philotes.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.TableId;
import io.philotes.pipeline.Pipeline;
import io.philotes.testkit.TestPostgres;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who commits without waiting for the disk is waited for all the same by who waits for the lake. */
class CarelessCommitsTest {

    private static final TableId TABLE = new TableId("public", "t");

    @TempDir
    Path directory;

    @Test
    void what_had_committed_is_in_the_lake_when_it_is_caught_up_though_it_was_on_no_disk() throws Exception {
        try (TestPostgres server = TestPostgres.start();
                MirrorLab lab = new MirrorLab(server, "careless", directory)) {
            server.execute("ALTER SYSTEM SET wal_writer_delay = '10s'", "SELECT pg_reload_conf()");
            lab.sql("CREATE TABLE t (id int PRIMARY KEY)");
            try (Pipeline pipeline = lab.pipeline("t").start()) {
                MirrorLab.settle(pipeline);
                lab.sql("SET synchronous_commit = off");
                for (int id = 1; id <= 10; id++) {
                    lab.sql("INSERT INTO t VALUES (" + id + ")");
                    pipeline.runUntilCaughtUp(MirrorLab.PATIENCE);
                    assertThat(lab.rows(TABLE, List.of("id"))).hasSize(id);
                }
            }
        }
    }
}
