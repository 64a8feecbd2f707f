// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.run;

import io.philotes.runner.archive.ClassArchive;
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
        if (Files.exists(jar()) && modified(jar()).compareTo(newestClass()) < 0) {
            progress.say("the runner's jar is older than its classes, and built anew");
            Files.delete(jar());
        }
        require(start(List.of("version"), log), log);
        Path archive = target().resolve("philotes-" + System.getProperty("java.vm.version") + ".jsa");
        if (!Files.exists(archive) || modified(archive).compareTo(modified(jar())) < 0) {
            progress.say("the runner's archive of classes is written");
            ProcessBuilder writer = new ProcessBuilder(
                    JAVA.resolve("bin/java").toString(),
                    "-cp",
                    jar().toString(),
                    ClassArchive.class.getName(),
                    archive.toString());
            require(started(writer, log), log);
        }
    }

    Process start(List<String> arguments, Path log) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(home.resolve("bin/philotes").toString()));
        command.addAll(arguments);
        ProcessBuilder script = new ProcessBuilder(command);
        script.environment().put("JAVA_HOME", JAVA.toString());
        script.environment().put("PHILOTES_JAVA_OPTS", "-Xmx" + PartJvm.HEAP);
        return started(script, log);
    }

    private static Process started(ProcessBuilder builder, Path log) throws IOException {
        return builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    }

    private static void require(Process process, Path log) throws IOException, InterruptedException {
        if (process.waitFor() != 0) {
            throw new BenchmarkException("The runner cannot be installed: " + Files.readString(log));
        }
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
