// SPDX-License-Identifier: Apache-2.0
package io.philotes.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableIdTest {

    @Test
    void a_bare_name_is_in_public() {
        assertThat(TableId.parse("orders")).isEqualTo(new TableId("public", "orders"));
        assertThat(TableId.parse("\"Or.ders\"")).isEqualTo(new TableId("public", "Or.ders"));
    }

    @Test
    void each_part_may_be_quoted() {
        assertThat(TableId.parse("shop.orders")).isEqualTo(new TableId("shop", "orders"));
        assertThat(TableId.parse("shop.\"Or\"\"ders\"")).isEqualTo(new TableId("shop", "Or\"ders"));
        assertThat(TableId.parse("\"sh.op\".orders")).isEqualTo(new TableId("sh.op", "orders"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "a.",
                ".a",
                "a..b",
                "a.b.c",
                "\"\"",
                "\"a",
                "a\"",
                "\"a\"b",
                "\"a\"bc",
                "\"a\".\"b\"c",
                "a\"b",
                "a.b\"",
                "\"a\"\"",
                "\"a\" "
            })
    void anything_else_is_refused(String text) {
        assertThatThrownBy(() -> TableId.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void sql_text_round_trips(
            @ForAll @StringLength(min = 1, max = 20) String schema,
            @ForAll @StringLength(min = 1, max = 20) String name) {
        TableId table = new TableId(schema, name);
        assertThat(TableId.parse(table.toSql())).isEqualTo(table);
    }
}
