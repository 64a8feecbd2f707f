// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "region = 'nl'",
                "(a > 1) AND (b IS NULL OR (c))",
                "name = 'it''s; (fine) -- here /* too */ $1'",
                "\"odd;(\"\"name\" = 1",
                "a LIKE'x%'",
                "a - -1 > 0",
                "a / b * 2 = 1"
            })
    void what_stays_inside_its_parentheses_may_be_asked(String text) {
        assertThat(ConditionText.fault(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  ",
                "true); DROP TABLE t; --",
                "true;",
                ") OR (true",
                "(a",
                "a)",
                "'a",
                "\"a",
                "a = 'it''",
                "a -- b",
                "a /* b */",
                "a = $$x$$",
                "a = $1",
                "a = E'\\''",
                "e'x' = a"
            })
    void what_could_leave_them_is_refused(String text) {
        assertThat(ConditionText.fault(text)).isPresent();
    }
}
