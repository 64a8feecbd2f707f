// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.demo;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.PhilotesException;
import org.junit.jupiter.api.Test;

class DemoPostgresTest {

    @Test
    void where_there_are_no_binaries_it_says_so() {
        assertThatThrownBy(() -> DemoPostgres.requirePlatform("Mac OS X", "aarch64"))
                .isInstanceOf(PhilotesException.class)
                .hasMessageContaining("Linux on amd64 only, and this is Mac OS X on aarch64");
    }
}
