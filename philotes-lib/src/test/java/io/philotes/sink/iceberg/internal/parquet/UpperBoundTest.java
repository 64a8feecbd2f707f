// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class UpperBoundTest {

    /** With the edges of UTF-8's lengths, of the gap between them, and the last of all. */
    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of(
                        "\0",
                        "a",
                        "\u007F",
                        "\u0080",
                        "\u07FF",
                        "\u0800",
                        "\uD7FF",
                        "\uE000",
                        "\uFFFF",
                        "\uD800\uDC00",
                        "\uDBFF\uDFFE",
                        "\uDBFF\uDFFF")
                .list()
                .ofMaxSize(5)
                .map(characters -> String.join("", characters));
    }

    @Property
    void a_text_is_above_all_that_begin_so(@ForAll("texts") String prefix, @ForAll("texts") String more) {
        byte[] bytes = utf8(prefix);
        Optional<byte[]> above = UpperBound.ofText(bytes, bytes.length);
        assertThat(above.isEmpty())
                .isEqualTo(prefix.replace(Character.toString(0x10FFFF), "").isEmpty());
        above.ifPresent(bound -> {
            assertThat(Arrays.compareUnsigned(bound, utf8(prefix + more))).isPositive();
            assertThat(utf8(new String(bound, StandardCharsets.UTF_8))).isEqualTo(bound);
        });
    }

    @Property
    void a_text_is_cut_behind_its_last_whole_character(@ForAll("texts") String text, @ForAll("texts") String more) {
        byte[] all = utf8(text + more);
        int at = utf8(text).length;
        assertThat(UpperBound.wholeCharacters(all, at)).isEqualTo(at);
        for (int cut = at + 1;
                !more.isEmpty() && cut < at + utf8(more.substring(0, more.offsetByCodePoints(0, 1))).length;
                cut++) {
            assertThat(UpperBound.wholeCharacters(all, cut)).isEqualTo(at);
        }
    }

    @Property
    void bytes_are_above_all_that_begin_so(@ForAll byte[] prefix, @ForAll byte[] more) {
        byte[] all = Arrays.copyOf(prefix, prefix.length + more.length);
        System.arraycopy(more, 0, all, prefix.length, more.length);
        UpperBound.ofBytes(prefix, prefix.length)
                .ifPresentOrElse(
                        bound -> assertThat(Arrays.compareUnsigned(bound, all)).isPositive(),
                        () -> assertThat(prefix).isEqualTo(lastOnly(prefix.length)));
    }

    private static byte[] lastOnly(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 0xFF);
        return bytes;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
