// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.awaitility.Awaitility;

/**
 * A PostgreSQL whose life a test leads: it can be stopped in every way, killed, copied file by file, put back, and be made a
 * standby. Durable: {@code fsync} and {@code synchronous_commit} are on. Not thread-safe.
 */
public final class PostgresCluster implements AutoCloseable {

    private static final String SETTINGS = """
            listen_addresses = '127.0.0.1'
            unix_socket_directories = ''
            wal_level = logical
            fsync = on
            synchronous_commit = on
            max_replication_slots = 20
            max_wal_senders = 20
            log_min_messages = warning
            """;

    private final PostgresBinaries binaries;
    private final Path directory;
    private final int port;
    private int elsewhere;

    private PostgresCluster(PostgresBinaries binaries, Path directory, int port) {
        this.binaries = binaries;
        this.directory = directory;
        this.port = port;
    }

    /** A new, running one of the version that most tests use. */
    public static PostgresCluster start(Path directory, String... settings) {
        return start(TestPostgres.DEFAULT_VERSION, directory, settings);
    }

    /** A new, running one; all of one version have the same system identifier. */
    public static PostgresCluster start(int majorVersion, Path directory, String... settings) {
        try {
            PostgresCluster cluster = in(majorVersion, directory);
            TestDirectories.copy(cluster.binaries.template(), cluster.data());
            cluster.begin(settings);
            return cluster;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same with a system identifier of its own, which takes longer. */
    public static PostgresCluster startOtherSystem(Path directory) {
        try {
            PostgresCluster cluster = in(TestPostgres.DEFAULT_VERSION, directory);
            cluster.binaries.initialize(cluster.data(), cluster.log());
            cluster.begin();
            return cluster;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static PostgresCluster in(int majorVersion, Path directory) throws IOException {
        Files.createDirectories(directory);
        return new PostgresCluster(PostgresBinaries.of(majorVersion), directory, freePort());
    }

    private void begin(String... settings) {
        configure(SETTINGS);
        configure("port = " + port + "\n" + String.join("\n", settings) + "\n");
        start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** The files of this one, at rest, as another server of the same system; does not run yet. */
    public PostgresCluster copyTo(Path other) {
        try {
            Files.createDirectories(other);
            TestDirectories.copy(data(), other.resolve("data"));
            PostgresCluster copy = new PostgresCluster(binaries, other, freePort());
            Files.deleteIfExists(copy.data().resolve("postmaster.pid"));
            copy.configure("port = " + copy.port + "\n");
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path data() {
        return directory.resolve("data");
    }

    private Path log() {
        return directory.resolve("server.log");
    }

    /** Adds to the configuration file; counts from the next start, or reload, on. */
    public void configure(String lines) {
        try {
            Files.writeString(data().resolve("postgresql.conf"), lines, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Who may connect is asked for it by these lines first. */
    public void authenticate(String hbaLines) {
        Path file = data().resolve("pg_hba.conf");
        try {
            Files.writeString(file, hbaLines + "\n" + Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        reload();
    }

    public void becomeStandbyOf(PostgresCluster primary, String primarySlot) {
        configure("primary_conninfo = 'host=127.0.0.1 port=" + primary.port + " user=postgres dbname=postgres'\n"
                + "primary_slot_name = '" + primarySlot + "'\nhot_standby = on\nhot_standby_feedback = on\n");
        try {
            Files.createFile(data().resolve("standby.signal"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void start() {
        control("start", "-w", "-t", "90", "-l", log().toString());
    }

    /** @param mode {@code fast}, {@code immediate} or {@code smart} */
    public void stop(String mode) {
        control("stop", "-w", "-t", "90", "-m", mode);
    }

    /** A fast stop that must come to its end in so many seconds. */
    public void stopWithin(int seconds) {
        control("stop", "-w", "-t", Integer.toString(seconds), "-m", "fast");
    }

    public void promote() {
        control("promote", "-w", "-t", "90");
    }

    public void reload() {
        control("reload");
    }

    private void control(String verb, String... options) {
        String[] arguments = new String[options.length + 3];
        arguments[0] = verb;
        arguments[1] = "-D";
        arguments[2] = data().toString();
        System.arraycopy(options, 0, arguments, 3, options.length);
        try {
            binaries.run(directory.resolve("control.log"), "pg_ctl", arguments);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs where nobody who knows the address finds it; back at its own port, but stopped, is what {@link #start} starts. */
    public void startElsewhere() {
        try {
            elsewhere = freePort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        configure("port = " + elsewhere + "\n");
        start();
    }

    /** Runs where another one did that is stopped now, so that who asks there finds this one. */
    public void startAtThePlaceOf(PostgresCluster other) {
        elsewhere = other.port;
        configure("port = " + elsewhere + "\n");
        start();
    }

    public void stopElsewhere() {
        stop("fast");
        elsewhere = 0;
        configure("port = " + port + "\n");
    }

    /** SIGKILL to the postmaster; returns when nothing of it listens or writes any more. */
    public void kill() {
        ProcessHandle postmaster = postmaster();
        var children = postmaster.children().toList();
        postmaster.destroyForcibly();
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !postmaster.isAlive());
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
    }

    private ProcessHandle postmaster() {
        try {
            long pid = Long.parseLong(
                    Files.readAllLines(data().resolve("postmaster.pid")).get(0).trim());
            return ProcessHandle.of(pid).orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Keeps the files as they are now, for {@link #restore}. */
    public Path backup(String name) {
        Path backup = directory.resolve(name);
        TestDirectories.copy(data(), backup);
        return backup;
    }

    /** Puts the files of a backup in the place of those of now; the server must not run. */
    public void restore(Path backup) {
        TestDirectories.delete(data());
        TestDirectories.copy(backup, data());
        try {
            Files.deleteIfExists(data().resolve("postmaster.pid"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return port;
    }

    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    public Connection connect() throws SQLException {
        String here = "jdbc:postgresql://127.0.0.1:" + (elsewhere == 0 ? port : elsewhere) + "/postgres";
        return DriverManager.getConnection(here, "postgres", "postgres");
    }

    public void execute(String... statements) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** The first column of the first row, as text. */
    public String value(String query) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() ? row.getString(1) : null;
        }
    }

    /** What the server wrote into its log. */
    public String serverLog() {
        try {
            return Files.readString(log());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (Files.exists(data().resolve("postmaster.pid"))) {
            try {
                stop("immediate");
            } catch (UncheckedIOException alreadyDead) {
                // It was killed.
            }
        }
        TestDirectories.delete(directory);
    }
}
