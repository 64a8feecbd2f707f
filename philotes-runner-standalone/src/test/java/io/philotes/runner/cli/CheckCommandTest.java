// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.error.ErrorCode;
import org.junit.jupiter.api.Test;

class CheckCommandTest {

    @Test
    void what_nobody_thought_of_is_a_finding_and_keeps_no_other_pipeline_from_being_looked_at() {
        assertThat(CheckCommand.look(() -> {
                    throw new IllegalStateException("odd");
                }))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.code()).contains(ErrorCode.DEFECT);
                    assertThat(finding.message()).contains("odd");
                });
    }
}
