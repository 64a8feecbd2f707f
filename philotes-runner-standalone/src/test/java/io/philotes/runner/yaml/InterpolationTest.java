// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InterpolationTest {

    private final Interpolation interpolation = new Interpolation(Map.of("A", "one", "B", "${A}", "EMPTY", "")::get);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "${A}|one",
                "x${A}y${A}|xoneyone",
                "${B}|${A}",
                "$${A}|${A}",
                "$$${A}|$${A}",
                "$|$",
                "a$b|a$b",
                "${C:-two}|two",
                "${EMPTY:-two}|two",
                "${C:-}|``",
                "${EMPTY}|``",
                "${A:-two}|one",
                "${A:?say so}|one",
                "${C:-a:b-c}|a:b-c"
            })
    void variables_are_replaced(String text, String expected) {
        assertThat(interpolation.resolve(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "${C}|the environment variable C is not set",
                "${C:?set C first}|set C first",
                "${EMPTY:?set it}|set it",
                "${C:?}|the environment variable C is not set",
                "${C|without '}'",
                "${}|is none of",
                "${A:x}|is none of",
                "${1A}|is none of",
                "${file:/no/such/file}|the file /no/such/file cannot be read"
            })
    void what_cannot_be_replaced_says_why(String text, String message) {
        assertThatThrownBy(() -> interpolation.resolve(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret\n", "secret\r\n", "secret"})
    void a_file_loses_its_last_line_end(String content, @TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("secret"), content);
        assertThat(interpolation.resolve("${file:" + file + "}")).isEqualTo("secret");
    }

    @Test
    void a_file_keeps_all_else(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("secret"), " a\nb\n\n");
        assertThat(interpolation.resolve("${file:" + file + "}")).isEqualTo(" a\nb\n");
    }
}
