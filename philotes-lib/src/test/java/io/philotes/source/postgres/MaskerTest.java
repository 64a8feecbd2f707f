// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaskerTest {

    private static String masked(ColumnRule rule, String text) {
        byte[] bytes = ("<" + text + ">").getBytes(StandardCharsets.UTF_8);
        return new String(new Masker().masked(rule, bytes, 1, bytes.length - 2), StandardCharsets.UTF_8);
    }

    @Test
    void the_hash_is_sha_256_of_the_text_in_lower_case_hex() {
        assertThat(masked(ColumnRule.SHA256, "abc"))
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(masked(ColumnRule.SHA256, ""))
                .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    @Test
    void one_masker_serves_many_values() {
        Masker masker = new Masker();
        byte[] abc = "abc".getBytes(StandardCharsets.UTF_8);
        masker.masked(ColumnRule.SHA256, abc, 0, 1);
        assertThat(masker.masked(ColumnRule.SHA256, abc, 0, 3))
                .asString(StandardCharsets.UTF_8)
                .startsWith("ba7816bf");
    }

    @Test
    void null_leaves_nothing() {
        assertThat(new Masker().masked(ColumnRule.NULL, new byte[] {65}, 0, 1)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "'',***",
        "a,***",
        "abc,***",
        "abcd,a***d",
        "jane@example.org,j***g",
        "żółw,ż***w",
        "żół,***",
        "a😀b😀,a***😀",
        "😀aé,***",
        "'  x ',' *** '"
    })
    void a_part_is_the_first_and_last_character_of_four_or_more(String text, String shown) {
        assertThat(masked(ColumnRule.PARTIAL, text)).isEqualTo(shown);
    }
}
