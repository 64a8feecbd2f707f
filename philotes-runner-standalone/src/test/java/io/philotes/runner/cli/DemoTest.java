// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.philotes.runner.terminal.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemoTest {

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        return new Cli(new Terminal(new PrintWriter(out), new PrintWriter(err), Map.<String, String>of()::get, false))
                .run(args);
    }

    @ParameterizedTest
    @ValueSource(strings = {"3", "2"})
    void the_lake_equals_the_shop(String formatVersion) throws IOException {
        String lake = directory.resolve("demo").toString();
        int code = run("demo", "--seconds", "6", "-o", "json", "--directory", lake, "--format-version", formatVersion);
        assertThat(code).as(err + "\n" + out).isZero();
        JsonNode result = new ObjectMapper().readTree(out.toString().strip());
        assertThat(result.path("equal").asBoolean()).isTrue();
        assertThat(result.path("rows").asLong()).isGreaterThan(5000);
        assertThat(result.path("tables").asInt()).isEqualTo(6);
        assertThat(result.path("changes").asLong()).isPositive();
        assertThat(result.path("commits").asLong()).isPositive();
        assertThat(result.path("snapshots").asLong()).isGreaterThanOrEqualTo(6);
        assertThat(result.path("formatVersion").asText()).isEqualTo(formatVersion);
        assertThat(result.at("/lagMillis/p50").asLong()).isPositive();
        assertThat(err.toString()).contains("Equal: ", "Revenue by country");
    }

    @Test
    void a_directory_with_something_in_it_is_refused() throws IOException {
        Files.writeString(directory.resolve("mine.txt"), "keep");
        assertThat(run("demo", "--directory", directory.toString())).isEqualTo(78);
        assertThat(err.toString()).contains("it is not empty");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--seconds 1", "--format-version 1", "--seconds x"})
    void wrong_options_end_with_64(String line) {
        assertThat(run(("demo " + line).split(" "))).isEqualTo(64);
    }
}
