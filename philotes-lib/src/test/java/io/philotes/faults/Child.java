// SPDX-License-Identifier: Apache-2.0
package io.philotes.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A running {@link FaultChild}, from outside. Thread-safe; dies with {@link #close()}. */
final class Child implements AutoCloseable {

    private static final Duration END = Duration.ofSeconds(30);

    private final Process process;
    private final Path log;
    private final List<String> lines = new ArrayList<>();
    private boolean silent;

    private Child(Process process, Path log) {
        this.process = process;
        this.log = log;
        Thread reader = new Thread(this::read, "child-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    static Child start(ChildOptions options) {
        Path log = options.directory().resolve("child.log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Djava.io.tmpdir=" + options.directory(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                FaultChild.class.getName()));
        command.addAll(options.toArguments());
        try {
            return new Child(
                    new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                            .start(),
                    log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                add(line);
            }
        } catch (IOException e) {
            add("the output broke: " + e.getMessage());
        } finally {
            synchronized (this) {
                silent = true;
                notifyAll();
            }
        }
    }

    private synchronized void add(String line) {
        lines.add(line);
        try {
            Files.writeString(log, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            lines.add("the log broke: " + e.getMessage());
        }
        notifyAll();
    }

    /** How many lines there are: from where to wait for what comes next. */
    synchronized int mark() {
        return lines.size();
    }

    synchronized int count(String beginning) {
        return (int) lines.stream().filter(line -> line.startsWith(beginning)).count();
    }

    synchronized Optional<String> last(String beginning) {
        return lines.stream().filter(line -> line.startsWith(beginning)).reduce((a, b) -> b);
    }

    Optional<String> await(int mark, String beginning, Duration patience) {
        return await(mark, line -> line.startsWith(beginning), patience);
    }

    /** The first line that fits from a mark on; empty when none came in time, or the process said its last. */
    synchronized Optional<String> await(int mark, Predicate<String> fits, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        int seen = mark;
        while (true) {
            for (; seen < lines.size(); seen++) {
                if (fits.test(lines.get(seen))) {
                    return Optional.of(lines.get(seen));
                }
            }
            long left = deadline - System.nanoTime();
            if (silent || left <= 0) {
                return Optional.empty();
            }
            waitFor(left);
        }
    }

    /** Waits for commits that are made in a sink from now on; returns whether they came before the patience or the process ended. */
    synchronized boolean awaitCommits(String sink, int count, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        String line = FaultChild.COMMITTED + sink + " ";
        int wanted = count(line) + count;
        while (count(line) < wanted) {
            long left = deadline - System.nanoTime();
            if (silent || left <= 0) {
                return false;
            }
            waitFor(left);
        }
        return true;
    }

    private void waitFor(long nanos) {
        try {
            wait(Math.max(1, nanos / 1_000_000));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    void tell(String line) {
        try {
            OutputStream input = process.getOutputStream();
            input.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            input.flush();
        } catch (IOException e) {
            add("the input broke: " + e.getMessage());
        }
    }

    /** Asks for the status; empty when there is no answer in time. */
    Optional<String> status(Duration patience) {
        int mark = mark();
        tell(FaultChild.ASK_STATUS);
        return await(mark, FaultChild.STATUS, patience);
    }

    /** SIGKILL, and waits until nothing is left. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    void signal(String name) throws IOException, InterruptedException {
        Signals.send(name, process.pid());
    }

    /** Whether it ended by itself within the patience. */
    boolean endsWithin(Duration patience) throws InterruptedException {
        return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Whether it is gone, or has closed its output and is about to be. */
    boolean isEnding() throws InterruptedException {
        boolean isSilent;
        synchronized (this) {
            isSilent = silent;
        }
        return isSilent && endsWithin(END) || !process.isAlive();
    }

    /** What it said in the end; empty when it was killed or crashed. Waits until its output is read. */
    Optional<String> lastWords() {
        return await(0, FaultChild.ENDED, Duration.ofSeconds(5));
    }

    Path log() {
        return log;
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
