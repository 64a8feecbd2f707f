// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class TableNamesTest {

    @Test
    void ordinary_names_stay() {
        List.of(
                        "orders",
                        "Order Number",
                        "größe",
                        "_file",
                        "sales_u2024_x",
                        "sales_u0020",
                        "a-b",
                        "$$",
                        "it's",
                        "😀",
                        "select",
                        "ü".repeat(31) + "x",
                        "a_h1234_")
                .forEach(name -> assertThat(TableNames.of(name)).isEqualTo(name));
    }

    @Test
    void what_cannot_be_one_name_everywhere_is_escaped() {
        assertThat(TableNames.of("a.b")).isEqualTo("a_u002e_b");
        assertThat(TableNames.of("a_u002e_b")).isEqualTo("a_u005f_u002e_b");
        assertThat(TableNames.of("a_u002e.")).isEqualTo("a_u005f_u002e_u002e_");
        assertThat(TableNames.of("../etc")).isEqualTo("_u002e__u002e__u002f_etc");
        assertThat(TableNames.of(" a b ")).isEqualTo("_u0020_a b_u0020_");
        assertThat(TableNames.of("100%\n")).isEqualTo("100_u0025__u000a_");
    }

    @Test
    void what_becomes_too_long_ends_in_a_hash() {
        String slashes = TableNames.of("/".repeat(63));
        assertThat(slashes).startsWith("_u002f__u002f_").matches(".*_h[0-9a-f]{16}_");
        assertThat(slashes).isNotEqualTo(TableNames.of("/".repeat(62)));
        String likeIt = "/".repeat(14) + slashes.substring(slashes.length() - 19);
        assertThat(TableNames.of(likeIt)).isNotEqualTo(slashes);
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.of(
                        "_",
                        ".",
                        "u002e",
                        "u005f",
                        "u002f",
                        "U002E",
                        "/",
                        "a",
                        "A",
                        " ",
                        "h0123456789abcdef",
                        "ü",
                        "\n",
                        "%",
                        "😀",
                        "/////////////////")
                .list()
                .ofMinSize(1)
                .ofMaxSize(6)
                .map(list -> String.join("", list));
    }

    @Property(tries = 3000)
    void no_two_names_ever_meet_and_all_are_legal(@ForAll("names") String one, @ForAll("names") String other) {
        Map<String, String> sources = new HashMap<>();
        for (String source : List.of(one, other, TableNames.of(one), TableNames.of(other))) {
            String target = TableNames.of(source);
            assertThat(TableNames.isLegal(target)).as(target).isTrue();
            assertThat(target.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(TableNames.MAX_BYTES);
            assertThat(sources.computeIfAbsent(target, t -> source)).isEqualTo(source);
        }
    }
}
