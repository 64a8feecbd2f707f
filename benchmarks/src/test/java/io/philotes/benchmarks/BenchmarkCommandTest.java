// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The whole machinery, from the command line to the JSON, with a few rows; that a figure is good is nothing that a test can say. */
class BenchmarkCommandTest {

    private static final List<String> PROMISED = List.of(
            "workload",
            "rowsPerSecond",
            "limitRowsPerSecond",
            "ratioToLimit",
            "ratioToDebezium",
            "cpuMicrosPerRow",
            "peakHeapBytes",
            "peakRssBytes",
            "latencyMillis");

    @TempDir
    private Path directory;

    /** Wide rows have columns of every kind that is compared. */
    @Test
    void measures_every_part_and_prints_one_json_object_last() throws Exception {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute("wide-insert", "--rows", "3000", "--repeats", "1", "--directory", directory.toString());
        assertThat(code).as(err.toString()).isZero();
        List<String> lines = out.toString().lines().toList();
        JsonNode result = JsonMapper.builder().build().readTree(lines.get(lines.size() - 1));
        assertThat(PROMISED).allMatch(result::has);
        assertThat(result.get("rows").asLong()).isEqualTo(3000);
        assertThat(result.get("ratioToLimit").asDouble()).isPositive();
        assertThat(result.get("ratioToDebezium").asDouble()).isPositive();
        assertThat(result.get("dataFiles").asLong()).isPositive();
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void names_what_there_is_when_asked_for_what_there_is_not() {
        StringWriter err = new StringWriter();
        int code = Main.commandLine().setErr(new PrintWriter(err, true)).execute("no-such-thing");
        assertThat(code).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains("narrow-insert").contains("all");
    }
}
