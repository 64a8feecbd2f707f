// SPDX-License-Identifier: Apache-2.0
package io.philotes.error;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.testkit.ReferencePage;
import java.io.IOException;
import java.util.Arrays;
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
    void the_reference_page_is_what_the_catalogue_says() throws IOException {
        ReferencePage.hold("errors.md", ErrorsPage.text());
    }
}
