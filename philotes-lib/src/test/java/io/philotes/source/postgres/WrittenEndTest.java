// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import io.philotes.source.AttachedSource;
import io.philotes.source.ChangeStream;
import io.philotes.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the WAL ends for who wants all that had committed, when commits do not wait for the disk. */
class WrittenEndTest {

    private static final int ROUNDS = 40;

    /** Commits without waiting, and tells where the WAL was inserted up to then. */
    private static Lsn insert(Statement statement, int id, int bytes) throws SQLException {
        statement.execute("INSERT INTO t VALUES (" + id + ", repeat('x', " + bytes + "))");
        try (ResultSet row = statement.executeQuery("SELECT pg_current_wal_insert_lsn()")) {
            row.next();
            return Lsn.parse(row.getString(1));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 15, 16, 17, 18})
    void it_is_behind_every_commit_and_a_stream_that_has_nothing_else_to_do_reaches_it(int version) throws Exception {
        try (TestPostgres server = TestPostgres.start(version)) {
            server.execute("ALTER SYSTEM SET wal_writer_delay = '10s'", "SELECT pg_reload_conf()");
            SourceLab lab = new SourceLab(server, "written");
            lab.sql("CREATE TABLE t (id int PRIMARY KEY, filler text)");
            AttachedSource source = lab.started(lab.builder("t"));
            Lsn from = lab.confirmed(source);
            try (ChangeStream stream = source.open(from);
                    Connection careless = server.connect("written");
                    Statement statement = careless.createStatement()) {
                statement.execute("SET synchronous_commit = off");
                for (int round = 1; round <= ROUNDS; round++) {
                    Lsn inserted = insert(statement, round, 97 * round);
                    Lsn end = source.writtenEnd();
                    assertThat(end).isGreaterThan(inserted);
                    assertThat(changesUpTo(stream, end))
                            .as("changes up to %s", end)
                            .isEqualTo(1);
                }
            }
            server.execute("ALTER SYSTEM RESET wal_writer_delay", "SELECT pg_reload_conf()");
            source.dropSlot();
        }
    }

    private static int changesUpTo(ChangeStream stream, Lsn end) throws InterruptedException {
        int changes = 0;
        Lsn at = Lsn.ZERO;
        while (at.isBefore(end)) {
            ChangeBatch batch = stream.poll(Duration.ofSeconds(30));
            assertThat(batch).as("behind %s of %s", at, end).isNotNull();
            changes += ChangeLines.changes(java.util.List.of(batch)).size();
            at = batch.endsOnBoundary() ? batch.endLsn() : at;
        }
        return changes;
    }
}
