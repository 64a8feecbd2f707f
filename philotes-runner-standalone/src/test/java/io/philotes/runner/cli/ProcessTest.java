// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.philotes.runner.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The runner as a process of its own, whose output goes into files. */
class ProcessTest extends CliLab {

    private static final String CANARY = "canary-4711";

    private Path output(String name) {
        return directory.resolve(name);
    }

    private int run(String... args) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command)
                .redirectOutput(output("out").toFile())
                .redirectError(output("err").toFile())
                .start();
        try {
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    private String secretConfig() throws IOException {
        Path file = Path.of(config());
        return Files.writeString(file, Files.readString(file).replace("password: postgres", "password: " + CANARY))
                .toString();
    }

    @Test
    void logs_are_text_or_json_without_control_characters_and_secrets() throws Exception {
        String config = secretConfig();
        assertThat(run("run", "--once", "--log-format", "json", "--config", config))
                .as(Files.readString(output("err")))
                .isZero();
        List<String> lines = Files.readAllLines(output("err"));
        assertThat(lines).hasSizeGreaterThan(5);
        for (String line : lines) {
            JsonNode entry = Json.mapper().readTree(line);
            assertThat(entry.path("formattedMessage").asText()).isNotEmpty();
            assertThat(entry.path("level").asText()).isIn("INFO", "WARN");
        }
        requirePlain();

        assertThat(run("run", "--once", "--config", config)).isZero();
        assertThat(Files.readString(output("err"))).contains(" INFO  [", "Pipeline one: CREATED -> STARTING");
        requirePlain();
        assertThat(LakeRows.of(lake(), "one", "t")).hasSize(10);
    }

    private void requirePlain() throws IOException {
        String all = Files.readString(output("out")) + Files.readString(output("err"));
        assertThat(all).doesNotContain(CANARY);
        assertThat(all.chars().filter(c -> c < ' ' && c != '\n' && c != '\t')).isEmpty();
    }
}
