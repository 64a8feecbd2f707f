// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.server;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** A PostgreSQL of our own below a directory, with durable commits; ends with {@link #close()}. Thread-safe. */
public final class EmbeddedServer implements AutoCloseable {

    /** What everyone measures with; shared buffers as on a small server. */
    public static final Map<String, String> SETTINGS = Map.of(
            "wal_level", "logical",
            "fsync", "on",
            "synchronous_commit", "on",
            "shared_buffers", "1GB",
            "max_replication_slots", "20",
            "max_wal_senders", "20",
            // Neither checkpoints nor vacuum fall into one part and not into the other.
            "max_wal_size", "32GB",
            "checkpoint_timeout", "1h",
            "autovacuum", "off");

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final EmbeddedPostgres process;
    private final Path directory;

    private EmbeddedServer(EmbeddedPostgres process, Path directory) {
        this.process = process;
        this.directory = directory;
    }

    /** @param directory new; data and Unix socket go there */
    public static EmbeddedServer start(Path directory) {
        try {
            EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                    .setDataDirectory(Files.createDirectories(directory).resolve("data"))
                    .setRegisterShutdownHook(false)
                    .setPGStartupWait(PATIENCE)
                    .setServerConfig("unix_socket_directories", directory.toString());
            SETTINGS.forEach(builder::setServerConfig);
            return new EmbeddedServer(builder.start(), directory);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start PostgreSQL in " + directory, e);
        }
    }

    public Source source() {
        return new Source(url("postgres"), Optional.of(directory), "postgres", "postgres");
    }

    public String url(String database) {
        return "jdbc:postgresql://localhost:" + process.getPort() + "/" + database;
    }

    @Override
    public void close() {
        try {
            process.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot stop PostgreSQL", e);
        }
    }
}
