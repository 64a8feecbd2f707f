// SPDX-License-Identifier: Apache-2.0
package io.philotes.consumer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that is run to its end. */
final class Command {

    private static final long LIMIT_MINUTES = 5;

    private Command() {}

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** The lines of its standard output; both outputs are in the error when it does not end with 0. */
    static List<String> run(Path directory, String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(directory, "command", ".out");
        Path errors = Files.createTempFile(directory, "command", ".err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        try {
            if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new AssertionError(
                        command[0] + " did not end well:\n" + Files.readString(output) + Files.readString(errors));
            }
        } finally {
            process.destroyForcibly();
        }
        return Files.readAllLines(output);
    }
}
