// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import io.philotes.source.AttachedSource;
import io.philotes.source.ChangeStream;
import io.philotes.testkit.TestPostgres;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Changes that were made while there was no publication: releases before 18 end the stream there, a newer one only warns and
 * sends the rest.
 */
class PublicationAwayTest {

    private static final String HEARTBEATS =
            "SELECT pg_logical_emit_message(false, 'philotes_hb', 'x') FROM generate_series(1, %d)";

    private static final String[] AWAY_FOR_A_WHILE = {
        "DROP PUBLICATION philotes_away",
        "INSERT INTO t VALUES (2)",
        "CREATE PUBLICATION philotes_away FOR TABLE t WITH (publish_via_partition_root = true)",
        "INSERT INTO t VALUES (3)"
    };

    /** Whether what came before is little or much: the server's last word is behind it. */
    @ParameterizedTest
    @ValueSource(ints = {14, 17, 18})
    void a_stream_that_begins_before_it_says_so_each_time(int version) throws Exception {
        try (TestPostgres server = TestPostgres.start(version)) {
            SourceLab lab = new SourceLab(server, "away");
            lab.sql("CREATE TABLE t (id int PRIMARY KEY)");
            AttachedSource source = lab.started(lab.builder("t"));
            Lsn from = lab.confirmed(source);
            lab.sql(HEARTBEATS.formatted(20));
            lab.sql(AWAY_FOR_A_WHILE);
            for (int i = 0; i < 10; i++) {
                assertRecreated(() -> readFrom(lab, source, from));
            }
            lab.sql(HEARTBEATS.formatted(50_000));
            assertRecreated(() -> readFrom(lab, source, from));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 17, 18})
    void a_stream_that_is_open_gives_nothing_behind_it(int version) throws Exception {
        try (TestPostgres server = TestPostgres.start(version)) {
            SourceLab lab = new SourceLab(server, "away");
            // What a role's settings say is no reason to be silent.
            lab.sql("CREATE TABLE t (id int PRIMARY KEY)", "ALTER ROLE postgres SET client_min_messages = error");
            AttachedSource source = lab.started(lab.builder("t"));
            List<ChangeBatch> batches = new ArrayList<>();
            try (ChangeStream stream = source.open(lab.confirmed(source))) {
                lab.sql("INSERT INTO t VALUES (1)");
                batches.addAll(lab.readAll(stream));
                lab.sql(AWAY_FOR_A_WHILE);
                assertRecreated(() -> {
                    while (true) {
                        ChangeBatch batch = stream.poll(Duration.ofSeconds(10));
                        assertThat(batch).as("something comes").isNotNull();
                        batches.add(batch);
                    }
                });
                assertThat(ChangeLines.changes(batches)).containsExactly("INSERT t (1)");
            }
        }
    }

    /** All that is there, or why not; the slot is free again afterwards. */
    private static void readFrom(SourceLab lab, AttachedSource source, Lsn from) throws Exception {
        await().until(() -> !source.slot().orElseThrow().active());
        try (ChangeStream stream = source.open(from)) {
            lab.readAll(stream);
        }
    }

    private static void assertRecreated(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        PhilotesException.class,
                        e -> assertThat(e.code()).as(e.toString()).isEqualTo(ErrorCode.PUBLICATION_RECREATED));
    }
}
