// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TableComparisonTest {

    private static final List<String> COLUMNS = List.of("id", "name");
    private static final List<String> ONE = List.of("1", "one");
    private static final List<String> TWO = Arrays.asList("2", null);

    private static TableComparison compare(List<List<String>> source, List<List<String>> lake) {
        return TableComparison.of("t", COLUMNS, source, lake);
    }

    @Test
    void the_same_rows_in_another_order_are_equal() {
        assertThat(compare(List.of(ONE, TWO), List.of(TWO, ONE)).isEqual()).isTrue();
    }

    @Test
    void a_missing_row_is_named() {
        assertThat(compare(List.of(ONE, TWO), List.of(ONE)).differences())
                .containsExactly("1 row is missing in the lake", "missing in the lake: id=2, name=null");
    }

    @Test
    void an_extra_row_is_named() {
        assertThat(compare(List.of(ONE), List.of(ONE, TWO)).differences())
                .containsExactly("1 row is only in the lake", "only in the lake: id=2, name=null");
    }

    @Test
    void a_changed_value_is_a_row_missing_and_a_row_extra() {
        assertThat(compare(List.of(ONE), List.of(List.of("1", "won"))).differences())
                .containsExactly(
                        "1 row is missing in the lake",
                        "missing in the lake: id=1, name=one",
                        "1 row is only in the lake",
                        "only in the lake: id=1, name=won");
    }

    @Test
    void rows_that_are_alike_are_counted() {
        assertThat(compare(List.of(ONE, ONE), List.of(ONE, ONE)).isEqual()).isTrue();
        assertThat(compare(List.of(ONE, ONE), List.of(ONE)).isEqual()).isFalse();
        assertThat(compare(List.of(ONE), List.of(ONE, ONE, ONE)).differences())
                .first()
                .isEqualTo("2 rows are only in the lake");
    }

    @Test
    void null_is_not_the_text_null() {
        assertThat(compare(List.of(TWO), List.of(List.of("2", "null"))).isEqual())
                .isFalse();
    }
}
