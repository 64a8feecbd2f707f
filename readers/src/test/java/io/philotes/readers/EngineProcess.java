// SPDX-License-Identifier: Apache-2.0
package io.philotes.readers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program that prints rows as JSON lines with {@code table}, {@code kind} and {@code row}. */
final class EngineProcess {

    private static final long LIMIT_MINUTES = 5;
    private static final ObjectMapper JSON = new ObjectMapper();

    private EngineProcess() {}

    /** Runs a command to its end in a directory, and gives its standard output's lines. */
    static List<JsonNode> lines(Path directory, List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(directory, "engine", ".out");
        Path errors = Files.createTempFile(directory, "engine", ".err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile());
        builder.environment().putAll(Map.of("TZ", "UTC"));
        int exit = exitOf(builder.start());
        if (exit != 0) {
            throw new AssertionError(command.get(0) + " ended with " + exit + ":\n" + Files.readString(output)
                    + Files.readString(errors));
        }
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(output)) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }

    private static int exitOf(Process process) throws InterruptedException {
        try {
            if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
                throw new AssertionError("the engine still runs after " + LIMIT_MINUTES + " minutes");
            }
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }
}
