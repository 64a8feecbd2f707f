// SPDX-License-Identifier: Apache-2.0
package io.philotes.faults;

import io.philotes.testkit.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.Stream;

/** Where one scenario plays: a database, a directory, a source of chance, and what was counted. For one thread. */
final class Stage implements AutoCloseable {

    /** How long anything may take that should not take long at all. */
    static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final int BRIEF_MILLIS = 1_000;

    private final Effort effort;
    private final Random random;
    private final TestPostgres postgres;
    private final String database;
    private final Path directory;
    private final long beganNanos = System.nanoTime();
    private int runs;
    private int kills;

    private Stage(Effort effort, TestPostgres postgres, String database, Path directory) {
        this.effort = effort;
        this.random = new Random(effort.seed() ^ database.hashCode());
        this.postgres = postgres;
        this.database = database;
        this.directory = directory;
    }

    /** A database and a directory that bear the scenario's name. */
    static Stage set(Effort effort, TestPostgres postgres, String scenario) throws SQLException, IOException {
        String database = scenario.replaceAll("[^a-z0-9]", "_");
        postgres.createDatabase(database);
        postgres.execute("ALTER DATABASE " + database + " SET wal_sender_timeout = '5s'");
        return new Stage(effort, postgres, database, Files.createTempDirectory("philotes-faults-"));
    }

    /** The same play with another server as the source. */
    Stage on(TestPostgres other) throws SQLException {
        other.createDatabase(database);
        other.execute("ALTER DATABASE " + database + " SET wal_sender_timeout = '5s'");
        return new Stage(effort, other, database, directory);
    }

    Effort effort() {
        return effort;
    }

    Random random() {
        return random;
    }

    TestPostgres postgres() {
        return postgres;
    }

    String database() {
        return database;
    }

    Path directory() {
        return directory;
    }

    ChildOptions options() {
        return ChildOptions.of(postgres.url(database), directory).with("name", database);
    }

    /** The same, reaching the source by way of a port. */
    ChildOptions options(Wire wire) {
        return options().with("url", "jdbc:postgresql://127.0.0.1:" + wire.port() + "/" + database);
    }

    Child start(ChildOptions options) {
        runs++;
        return Child.start(options);
    }

    /** Whether a long scenario has had its time; a busy machine does not get through everything. */
    boolean isOver() {
        return effort.isLong()
                && System.nanoTime() - beganNanos > effort.length().toNanos();
    }

    /** A random while before hurt number {@code i} of some, so that in the long form they are spread over its length. */
    Duration pause(int i, int of) {
        if (!effort.isLong()) {
            return Duration.ofMillis(random.nextInt(BRIEF_MILLIS));
        }
        long due = effort.length().toMillis() * (i + 1) / of - (System.nanoTime() - beganNanos) / 1_000_000;
        return Duration.ofMillis(random.nextInt((int) Math.max(BRIEF_MILLIS, 2 * due)));
    }

    /** Counts a process, a server or a connection that was hurt. */
    void hurt() {
        kills++;
    }

    /** A pipeline with every table loaded: what is done to it after that is not done to a first copy. */
    Child startLoaded(ChildOptions options) throws InterruptedException {
        Child child = start(options);
        child.await(0, FaultChild.STATE + "RUNNING", PATIENCE);
        int mark = child.mark();
        child.tell(FaultChild.CATCH_UP + PATIENCE.toSeconds());
        if (child.await(mark, FaultChild.CAUGHT_UP, PATIENCE).isEmpty()) {
            child.close();
            throw new IllegalStateException("the first load does not end, " + child.lastWords());
        }
        return child;
    }

    /** Waits for commits from now on. */
    Finding commits(Child child, int count) throws InterruptedException {
        return commits(child, ChildTargets.LAKE, count);
    }

    /** The same for one of several sinks. */
    Finding commits(Child child, String sink, int count) throws InterruptedException {
        if (child.awaitCommits(sink, count, PATIENCE)) {
            return Finding.OK;
        }
        return child.isEnding() ? Judge.ended(child) : Judge.stuck("no commit in " + sink);
    }

    /** Lets it run for a while, which it should outlast. */
    Finding lasts(Child child, Duration time) throws InterruptedException {
        return child.endsWithin(time) ? Judge.ended(child) : Finding.OK;
    }

    Finding kill(Child child) {
        child.kill();
        hurt();
        return Finding.OK;
    }

    int runs() {
        return runs;
    }

    int kills() {
        return kills;
    }

    void take(Stage other) {
        runs += other.runs;
        kills += other.kills;
    }

    /** Copies the directory to where a person looks at what went wrong. */
    void keep(String scenario) throws IOException {
        Path to = Files.createDirectories(Path.of("target", "faults", scenario + "-" + effort.seed()));
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.toList()) {
                Path copy = to.resolve(directory.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
