// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.demo;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The demo's own PostgreSQL, on a free port, in a temporary directory that goes with {@link #close()}. Thread-safe. */
public final class DemoPostgres implements AutoCloseable {

    public static final String USER = "postgres";
    public static final String PASSWORD = "postgres";

    private static final Logger LOG = LoggerFactory.getLogger(DemoPostgres.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final EmbeddedPostgres server;
    private final Path data;

    private DemoPostgres(EmbeddedPostgres server, Path data) {
        this.server = server;
        this.data = data;
    }

    /** @throws PhilotesException SOURCE_UNREACHABLE where it cannot run */
    public static DemoPostgres start() {
        requirePlatform(System.getProperty("os.name"), System.getProperty("os.arch"));
        try {
            Path data = Files.createTempDirectory("philotes-demo-postgres-");
            EmbeddedPostgres server = EmbeddedPostgres.builder()
                    .setDataDirectory(data)
                    .setRegisterShutdownHook(false)
                    .setPGStartupWait(PATIENCE)
                    .setServerConfig("wal_level", "logical")
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("max_replication_slots", "10")
                    .setServerConfig("max_wal_senders", "10")
                    .start();
            return new DemoPostgres(server, data);
        } catch (IOException | IllegalStateException e) {
            throw new PhilotesException(
                            ErrorCode.SOURCE_UNREACHABLE, "Cannot start the demo's PostgreSQL: " + e.getMessage(), e)
                    .hinting("it needs a temporary directory to write to, and as root the right to use namespaces");
        }
    }

    static void requirePlatform(String system, String architecture) {
        boolean isLinux = system.toLowerCase(Locale.ROOT).contains("linux");
        boolean isAmd64 = architecture.equals("amd64") || architecture.equals("x86_64");
        if (!isLinux || !isAmd64) {
            throw new PhilotesException(
                            ErrorCode.SOURCE_UNREACHABLE,
                            "Cannot start the demo's PostgreSQL: it is here for Linux on amd64 only, and this is "
                                    + system + " on " + architecture)
                    .hinting("use philotes run with a PostgreSQL of your own: docs/guides/first-pipeline.md");
        }
    }

    public String url() {
        return "jdbc:postgresql://localhost:" + server.getPort() + "/postgres";
    }

    public Connection connect() throws SQLException {
        return DriverManager.getConnection(url(), USER, PASSWORD);
    }

    @Override
    public void close() {
        try {
            server.close();
            removeData();
        } catch (IOException e) {
            LOG.warn("Cannot stop the demo's PostgreSQL and remove {}: {}", data, e.getMessage());
        }
    }

    private void removeData() throws IOException {
        if (Files.exists(data)) {
            try (Stream<Path> files = Files.walk(data)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
