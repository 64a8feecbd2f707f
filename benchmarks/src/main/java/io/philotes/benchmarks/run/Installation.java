// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The runner as a user has it: {@code bin/philotes}, its jar, and the archive of a start's classes beside it. Immutable.
 *
 * @param home the sources' directory
 */
record Installation(Path home) {

    private static final Path JAVA = Path.of(System.getProperty("java.home"));

    static Installation here() {
        return new Installation(Path.of(System.getProperty("philotes.home", "")).toAbsolutePath());
    }

    private Path target() {
        return home.resolve("philotes-runner-standalone/target");
    }

    private Path jar() {
        return target().resolve("philotes.jar");
    }

    /** Makes it what is compiled, which takes a minute or two where it is not yet. */
    void prepare(Path log, Progress progress) throws IOException, InterruptedException {
        if (Files.exists(jar()) && (modified(jar()).compareTo(newestClass()) < 0 || !isArchived())) {
            progress.say("the runner's jar is older than its classes, or not archived, and built anew");
            Files.delete(jar());
        }
        Process built = start(List.of("version"), log);
        if (built.waitFor() != 0) {
            throw new BenchmarkException("The runner cannot be built: " + Files.readString(log));
        }
    }

    private boolean isArchived() throws IOException {
        FileTime built = modified(jar());
        try (Stream<Path> files = Files.list(target())) {
            for (Path file :
                    files.filter(one -> one.toString().endsWith(".jsa")).toList()) {
                if (modified(file).compareTo(built) > 0) {
                    return true;
                }
            }
        }
        return false;
    }

    Process start(List<String> arguments, Path log) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(home.resolve("bin/philotes").toString()));
        command.addAll(arguments);
        ProcessBuilder script = new ProcessBuilder(command);
        script.environment().put("JAVA_HOME", JAVA.toString());
        script.environment().put("PHILOTES_JAVA_OPTS", "-Xmx" + PartJvm.HEAP);
        return script.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    }

    private FileTime newestClass() throws IOException {
        FileTime newest = FileTime.fromMillis(0);
        for (String module : List.of("philotes-lib", "philotes-runner-standalone")) {
            try (Stream<Path> files = Files.walk(home.resolve(module).resolve("target/classes"))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    newest = modified(file).compareTo(newest) > 0 ? modified(file) : newest;
                }
            }
        }
        return newest;
    }

    private static FileTime modified(Path file) throws IOException {
        return Files.getLastModifiedTime(file);
    }
}
