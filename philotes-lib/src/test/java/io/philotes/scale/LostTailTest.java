// SPDX-License-Identifier: Apache-2.0
package io.philotes.scale;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.testkit.ChildProcess;
import io.philotes.testkit.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A buffer that lost its newest appends, as bad blocks at the end of a file would have it: the files alone cannot tell that from
 * writes that were torn, but PostgreSQL was told that they are durable, and its slot knows.
 */
class LostTailTest {

    @TempDir
    Path directory;

    @Test
    void a_lost_end_that_postgresql_was_told_to_be_durable_is_never_taken_for_a_torn_write() throws Exception {
        try (TestPostgres postgres = TestPostgres.start()) {
            postgres.execute("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
            try (ChildProcess child = child(postgres)) {
                child.line("READY");
                copy(directory.resolve("buffer"), directory.resolve("earlier"));
                postgres.execute("INSERT INTO t VALUES (2)");
                String end = value(postgres, "SELECT pg_current_wal_lsn()");
                Awaitility.await()
                        .until(() -> value(
                                        postgres,
                                        "SELECT confirmed_flush_lsn >= '" + end + "' FROM pg_replication_slots")
                                .equals("t"));
                child.kill();
            }
            copy(directory.resolve("earlier"), directory.resolve("buffer"));
            Awaitility.await()
                    .until(() -> value(postgres, "SELECT active FROM pg_replication_slots")
                            .equals("f"));
            try (ChildProcess again = child(postgres)) {
                assertThat(again.lineWith("PHI-")).contains("PHI-1011");
            }
        }
    }

    private ChildProcess child(TestPostgres postgres) throws IOException {
        return ChildProcess.start(
                "128m", HugeChild.class, postgres.url(), directory.toString(), "disk", "public.t", "3600");
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static String value(TestPostgres postgres, String query) throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }
}
