// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.philotes.error.PhilotesException;
import io.philotes.error.Recovery;
import io.philotes.model.Lsn;
import io.philotes.source.AttachedSource;
import io.philotes.source.ChangeStream;
import io.philotes.testkit.TestPostgres;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A transaction that waits for a synchronous standby is in the stream, and nobody sees in the catalog what it did. */
class UnseenTransactionTest {

    @Test
    void the_catalog_of_before_a_transaction_does_not_explain_its_rows() throws Exception {
        try (TestPostgres server = TestPostgres.start()) {
            SourceLab lab = new SourceLab(server, "unseen");
            lab.sql("CREATE TABLE t (id int PRIMARY KEY, a text)");
            AttachedSource source = lab.started(lab.builder("t"));
            Lsn from = lab.confirmed(source);
            lab.sql("ALTER SYSTEM SET synchronous_standby_names = 'nobody'", "SELECT pg_reload_conf()");
            CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> alter(lab));
            await().until(() -> lab.value("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
                    .equals("1"));
            try (ChangeStream stream = source.open(from)) {
                assertThatThrownBy(() -> lab.readAll(stream))
                        .isInstanceOfSatisfying(
                                PhilotesException.class,
                                e -> assertThat(e.code().recovery()).isEqualTo(Recovery.RETRY))
                        .hasMessageContaining("nobody sees it yet");
            }
            lab.sql("ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()");
            waiting.join();
            try (ChangeStream stream = source.open(from)) {
                assertThat(ChangeLines.changes(lab.readAll(stream)))
                        .singleElement()
                        .asString()
                        .startsWith("UNDECODABLE t ");
            }
        }
    }

    private static void alter(SourceLab lab) {
        try {
            lab.sql("BEGIN; ALTER TABLE t DROP a; ALTER TABLE t ADD a text; INSERT INTO t VALUES (1, 'new'); COMMIT");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
