// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.error.ErrorCode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a service manager is told: whether to start again helps. */
class ExitCodeTest {

    @ParameterizedTest
    @CsvSource({
        "SOURCE_UNREACHABLE, 69",
        "CATALOG_UNREACHABLE, 69",
        "STATE_UNREACHABLE, 69",
        "SOURCE_AUTHENTICATION, 77",
        "STATE_REFUSED, 77",
        "INVALID_CONFIGURATION, 78",
        "STATE_NOT_PREPARED, 78",
        "FEEDBACK_LOOP, 78",
        "SLOT_IN_USE, 75",
        "BUFFER_IN_USE, 75",
        "SLOT_LOST, 1",
        "DEFECT, 70"
    })
    void the_database_of_the_state_counts_as_the_source_does(ErrorCode failure, int exit) {
        assertThat(ExitCode.of(failure)).isEqualTo(exit);
    }
}
