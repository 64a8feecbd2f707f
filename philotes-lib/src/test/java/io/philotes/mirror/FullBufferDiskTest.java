// SPDX-License-Identifier: Apache-2.0
package io.philotes.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.buffer.disk.DiskBuffer;
import io.philotes.error.ErrorCode;
import io.philotes.model.Lsn;
import io.philotes.model.TableId;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.PipelineState;
import io.philotes.pipeline.PipelineStatus;
import io.philotes.testkit.SmallDisk;
import io.philotes.testkit.TestPostgres;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A buffer whose disk is full: reading stops, the process does not, and the source is not told that anything is safe. */
class FullBufferDiskTest {

    private static final TableId TABLE = new TableId("public", "t");
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path directory;

    @Test
    void reading_stops_while_the_disk_is_full_and_goes_on_by_itself() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(directory.resolve("disk"), 8);
                TestPostgres server = TestPostgres.start();
                MirrorLab lab = new MirrorLab(server, "full", directory)) {
            server.execute("ALTER SYSTEM SET wal_sender_timeout = '10s'", "SELECT pg_reload_conf()");
            lab.sql("CREATE TABLE t (id int PRIMARY KEY, pad text)");
            Path path = disk.path().resolve("buffer");
            try (Pipeline pipeline = lab.pipeline("public.t")
                    .buffer(DiskBuffer.builder(path)
                            .segmentBytes(1 << 20)
                            .limitBytes(1 << 30)
                            .build())
                    .commitInterval(Duration.ofHours(1))
                    .start()) {
                MirrorLab.settle(pipeline);
                for (int i = 0; i < 20; i++) {
                    lab.sql("INSERT INTO t SELECT " + i
                            + " * 100 + i, repeat('x', 10000) FROM generate_series(0, 99) i");
                }
                awaitFull(pipeline, path);
                String walsender = walsender(lab, "pid || ' ' || extract(epoch FROM backend_start)");
                Lsn durable = pipeline.status().positions().durable();
                awaitReplies(lab);
                assertThat(walsender(lab, "pid || ' ' || extract(epoch FROM backend_start)"))
                        .isEqualTo(walsender);
                assertThat(pipeline.status().positions().durable()).isEqualTo(durable);
                assertThat(confirmed(lab)).isLessThanOrEqualTo(durable);
                awaitFull(pipeline, path);
                disk.remount("size=64m");
                pipeline.runUntilCaughtUp(PATIENCE);
                lab.assertMirrored(TABLE);
                assertThat(pipeline.status().failure()).isEmpty();
                assertThat(walsender(lab, "pid || ' ' || extract(epoch FROM backend_start)"))
                        .isEqualTo(walsender);
            }
        }
    }

    private static void awaitFull(Pipeline pipeline, Path path) {
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
            PipelineStatus status = pipeline.status();
            assertThat(status.state()).isEqualTo(PipelineState.RUNNING);
            assertThat(status.failure()).hasValueSatisfying(e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.BUFFER_FULL);
                assertThat(e.getMessage()).contains(path.toString());
            });
        });
    }

    /** Longer than the server waits for one that says nothing. */
    private static void awaitReplies(MirrorLab lab) throws Exception {
        String until = lab.value("SELECT now() + interval '15 s'");
        Awaitility.await().atMost(PATIENCE).until(() -> "t".equals(walsender(lab, "reply_time > '" + until + "'")));
    }

    private static String walsender(MirrorLab lab, String what) throws Exception {
        return lab.value("SELECT " + what + " FROM pg_stat_replication");
    }

    private static Lsn confirmed(MirrorLab lab) throws Exception {
        return Lsn.parse(lab.value("SELECT confirmed_flush_lsn FROM pg_replication_slots"));
    }
}
