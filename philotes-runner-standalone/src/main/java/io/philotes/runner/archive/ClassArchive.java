// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.archive;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Writes an archive of a start's classes for this JVM and this class path, both as they are: {@code java -cp philotes.jar
 * io.philotes.runner.archive.ClassArchive FILE}, and then {@code java -XX:SharedArchiveFile=FILE -jar philotes.jar}. A JVM for
 * which it was not made goes on without it. Owned by one thread.
 *
 * <p>What is archived is what a {@link Rehearsal} loads. A static archive, for unlike one that is written when a process ends
 * it is put aside without a word and without harm when it does not fit, be it cut off in the middle.
 */
public final class ClassArchive {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration GOODBYE = Duration.ofSeconds(20);
    private static final int LINES_OF_LOG = 10;

    private final Path file;
    private final Path directory;
    private final String classPath = System.getProperty("java.class.path");

    private ClassArchive(Path file, Path directory) {
        this.file = file;
        this.directory = directory;
    }

    /** Ends with 0 when the archive was written, else with another code and the reason on standard error. */
    public static void main(String[] args) throws InterruptedException {
        if (args.length != 1) {
            System.err.println("philotes: usage: ClassArchive FILE");
            System.exit(64);
        }
        try {
            write(Path.of(args[0]).toAbsolutePath());
        } catch (IOException e) {
            System.err.println("philotes: cannot write the archive of classes: " + e.getMessage());
            System.exit(1);
        }
    }

    /** Replaces the file at once: processes that have the earlier one mapped keep it, those that begin see one of the two. */
    static void write(Path file) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("philotes-archive-");
        try {
            new ClassArchive(file, directory).write();
        } finally {
            remove(directory);
        }
    }

    private void write() throws IOException, InterruptedException {
        Path rehearsed = directory.resolve("rehearsed");
        Path list = directory.resolve("classes");
        java(List.of("-XX:DumpLoadedClassList=" + rehearsed), Rehearsal.class.getName(), directory.toString());
        Files.write(list, ClassList.archivable(Files.readAllLines(rehearsed), classPath));
        Path fresh = Files.createTempFile(file.getParent(), file.getFileName() + ".", ".tmp");
        try {
            java(List.of("-Xshare:dump", "-XX:SharedClassListFile=" + list, "-XX:SharedArchiveFile=" + fresh));
            replace(fresh);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private void replace(Path fresh) throws IOException {
        try {
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException("its directory cannot replace files at once: " + file.getParent(), e);
        }
    }

    private void java(List<String> options, String... arguments) throws IOException, InterruptedException {
        Path log = directory.resolve("log");
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m"));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException("this did not end well: " + String.join(" ", command) + "\n" + lastLines(log));
            }
        } finally {
            end(process);
        }
    }

    /** In order, for it may have a database to stop. */
    private static void end(Process process) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(GOODBYE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }

    private static String lastLines(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_OF_LOG), lines.size()));
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path one : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        }
    }
}
