// SPDX-License-Identifier: Apache-2.0
package io.philotes.faults;

import io.philotes.testkit.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A PostgreSQL server of its own that can be killed, stopped and started again where it was; dies with {@link #close()}. */
final class SourceServer implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final TestPostgres postgres;
    private final Path data;
    private final Path programs;

    private SourceServer(TestPostgres postgres, Path data, Path programs) {
        this.postgres = postgres;
        this.data = data;
        this.programs = programs;
    }

    static SourceServer start() throws SQLException, IOException {
        TestPostgres postgres = TestPostgres.start();
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW data_directory")) {
            row.next();
            Path data = Path.of(row.getString(1));
            Path program =
                    Path.of(postmaster(data).info().command().orElseThrow(() -> new IOException("no postmaster")));
            return new SourceServer(postgres, data, program.resolveSibling("pg_ctl"));
        }
    }

    TestPostgres postgres() {
        return postgres;
    }

    private static ProcessHandle postmaster(Path data) throws IOException {
        long pid = Long.parseLong(
                Files.readAllLines(data.resolve("postmaster.pid")).get(0).trim());
        return ProcessHandle.of(pid).orElseThrow(() -> new IOException("no process " + pid));
    }

    /** SIGKILL to the postmaster and everything below it, as a power loss that spares the disk. */
    void kill() throws IOException, InterruptedException {
        ProcessHandle postmaster = postmaster(data);
        List<ProcessHandle> all = new ArrayList<>(List.of(postmaster));
        all.addAll(postmaster.descendants().toList());
        all.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle one : all) {
            awaitEnd(one, PATIENCE);
        }
    }

    /** A fast shutdown; returns how long it took. Fails when it takes longer than the patience. */
    Duration stopFast(Duration patience) throws IOException, InterruptedException {
        ProcessHandle postmaster = postmaster(data);
        long began = System.nanoTime();
        Signals.send("INT", postmaster.pid());
        awaitEnd(postmaster, patience);
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private static void awaitEnd(ProcessHandle process, Duration patience) throws IOException, InterruptedException {
        try {
            process.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            throw new IOException("process " + process.pid() + " did not end in " + patience, e);
        }
    }

    /** Starts it again with the settings that it had, and waits until it takes connections. */
    void startAgain() throws IOException, InterruptedException {
        List<String> command = Stream.of(
                        isRoot() ? "unshare" : null,
                        isRoot() ? "-U" : null,
                        programs.toString(),
                        "-D",
                        data.toString(),
                        "-w",
                        "-t",
                        Long.toString(PATIENCE.toSeconds()),
                        "-l",
                        data.resolve("again.log").toString(),
                        "restart")
                .filter(Objects::nonNull)
                .toList();
        Process control = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (control.waitFor() != 0) {
            throw new IOException("the source does not start again:\n" + Files.readString(data.resolve("again.log")));
        }
    }

    /** PostgreSQL refuses to run as root, and root can step down by a user namespace only. */
    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    @Override
    public void close() {
        postgres.close();
    }
}
