// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.run;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.philotes.benchmarks.part.PartReport;
import io.philotes.benchmarks.part.PartSpec;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A part's process; {@link #close} ends it, one way or the other. For one thread. */
final class PartProcess implements AutoCloseable {

    private static final Duration GOODBYE = Duration.ofSeconds(60);
    private static final int LINES_OF_LOG = 20;

    private final Process process;
    private final BufferedWriter input;
    private final BufferedReader output;
    private final Path log;
    private final JsonMapper json = JsonMapper.builder().build();

    private PartProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        this.input = process.outputWriter(StandardCharsets.UTF_8);
        this.output = process.inputReader(StandardCharsets.UTF_8);
    }

    static PartProcess start(PartJvm jvm, PartSpec spec) throws IOException {
        Process process = new ProcessBuilder(jvm.command())
                .redirectError(jvm.log().toFile())
                .start();
        PartProcess part = new PartProcess(process, jvm.log());
        part.input.write(part.json.writeValueAsString(spec));
        part.input.newLine();
        part.input.flush();
        return part;
    }

    long pid() {
        return process.pid();
    }

    void requireAlive() {
        if (!process.isAlive()) {
            throw new BenchmarkException("A part ended with code " + process.exitValue() + ":\n" + endOfLog());
        }
    }

    /** Waits until it has everything. */
    PartReport report() throws IOException {
        String line = output.readLine();
        // A JVM that records says so on standard output, whatever its logging options.
        while (line != null && !line.startsWith("{")) {
            line = output.readLine();
        }
        if (line == null) {
            throw new BenchmarkException("A part ended before it had everything:\n" + endOfLog());
        }
        return json.readValue(line, PartReport.class);
    }

    /** Asks once more, of what has everything and goes on. */
    PartReport reportAgain() throws IOException {
        input.newLine();
        input.flush();
        return report();
    }

    /** Lets it end in order. */
    void finish() throws IOException, InterruptedException {
        input.close();
        if (!process.waitFor(GOODBYE.toSeconds(), TimeUnit.SECONDS)) {
            throw new BenchmarkException("A part did not end:\n" + endOfLog());
        }
        if (process.exitValue() != 0) {
            throw new BenchmarkException("A part ended with code " + process.exitValue() + ":\n" + endOfLog());
        }
    }

    private String endOfLog() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_OF_LOG), lines.size()));
        } catch (IOException e) {
            return "(no log at " + log + ")";
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
