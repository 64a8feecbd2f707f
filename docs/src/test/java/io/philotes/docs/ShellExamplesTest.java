// SPDX-License-Identifier: Apache-2.0
package io.philotes.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.runner.cli.RunnerWords;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every example for the shell is valid for it, and the runner knows every command and option of its own in them. */
class ShellExamplesTest {

    /** In a block, or between backticks in a text; up to what is the shell's. */
    private static final Pattern COMMAND = Pattern.compile(
            "(?:^|[`|]) *(?:\\$ )?(?:bin/)?philotes +(?<words>[a-z][^`|#>&;()\\n]*)", Pattern.MULTILINE);

    @TempDir
    private Path directory;

    static List<Example> examples() {
        return Documents.examples("sh").stream()
                .filter(example -> example.note("for").isEmpty())
                .toList();
    }

    static List<Path> documents() {
        return Documents.all();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void the_shell_can_read_it(Example example) throws IOException, InterruptedException {
        Path script = Files.writeString(directory.resolve("example.sh"), example.text());
        Process bash = new ProcessBuilder("bash", "-n", script.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).as("%s: %s", example, said).isZero();
    }

    @ParameterizedTest
    @MethodSource("documents")
    void the_runner_knows_its_commands(Path document) {
        Matcher command = COMMAND.matcher(Documents.text(document));
        while (command.find()) {
            String words = command.group("words").strip();
            assertThat(fault(words)).as("%s: philotes %s", document, words).isEmpty();
        }
    }

    @Test
    void an_unknown_option_is_found() {
        assertThat(fault("check --ofline"))
                .hasValueSatisfying(said -> assertThat(said).contains("--ofline"));
    }

    private static Optional<String> fault(String words) {
        return RunnerWords.fault(Stream.of(words.split(" +"))
                .filter(word -> !word.matches("\\[.*|.*]|<.*>|…|\\.\\.\\."))
                .toArray(String[]::new));
    }
}
