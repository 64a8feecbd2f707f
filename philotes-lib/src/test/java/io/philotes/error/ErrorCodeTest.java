// SPDX-License-Identifier: Apache-2.0
package io.philotes.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ErrorCodeTest {

    @Test
    void each_number_stands_for_one_failure() {
        assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::code)).doesNotHaveDuplicates();
    }

    @Test
    void each_failure_tells_the_operator_what_to_do() {
        assertThat(ErrorCode.values())
                .allSatisfy(code -> assertThat(code.hint()).isNotBlank());
    }

    @Test
    void the_reference_page_lists_the_catalogue_as_it_is() throws IOException {
        String rows = Arrays.stream(ErrorCode.values())
                .sorted((a, b) -> a.code().compareTo(b.code()))
                .map(code -> "| " + code.code() + " | " + code + " | " + code.recovery() + " | " + code.hint() + " |")
                .collect(Collectors.joining("\n"));
        assertThat(Files.readString(Path.of("../docs/reference/errors.md")))
                .as("docs/reference/errors.md must hold these rows")
                .contains(rows);
    }
}
