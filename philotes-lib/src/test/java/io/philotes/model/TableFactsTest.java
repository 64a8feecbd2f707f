// SPDX-License-Identifier: Apache-2.0
package io.philotes.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.model.TableFacts.DefinedType;
import io.philotes.model.TableFacts.Leaf;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableFactsTest {

    private static final List<String> PIECES =
            List.of("a", " ", ",", ";", "=", "{", "}", "+", "%", "%2C", "\n", "\"", "ß", "😀", "");

    @Test
    void what_is_written_as_text_is_read_again() {
        long seed = Long.getLong("philotes.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            TableFacts facts = random(random);
            assertThat(TableFacts.parse(facts.text())).as("seed=%d", seed).isEqualTo(facts);
            byte[] notice = new TableNotice.Picture(facts).bytes();
            assertThat(TableNotice.parse(notice, 0, notice.length))
                    .as("seed=%d", seed)
                    .isEqualTo(new TableNotice.Picture(facts));
        }
        assertThat(TableFacts.parse(TableFacts.NONE.text())).isEqualTo(TableFacts.NONE);
    }

    private static TableFacts random(Random random) {
        return new TableFacts(
                text(random),
                random.nextBoolean(),
                text(random),
                random.nextInt(1_600),
                map(random, Long::intValue, r -> r.nextLong()),
                map(random, oid -> oid, r -> new Leaf(text(r), text(r), r.nextLong(), r.nextBoolean(), text(r))),
                map(
                        random,
                        oid -> oid,
                        r -> new DefinedType(text(r), r.nextBoolean(), map(r, part -> part, TableFactsTest::text))));
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(5); i > 0; i--) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString();
    }

    private static <K, V> Map<K, V> map(Random random, Function<Long, K> key, Function<Random, V> value) {
        Map<K, V> map = new HashMap<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            map.put(key.apply(random.nextLong()), value.apply(random));
        }
        return map;
    }

    @Test
    void rules_of_the_content_and_those_of_now_are_kept_together_and_equal_neither() {
        TableFacts once = TableFacts.NONE.withRules("a\nc").ofContentBy("a\nb");
        assertThat(once.rules()).isEqualTo("a\nb\nchanged\nc");
        assertThat(TableFacts.rulesOfContent(once.rules())).isEqualTo("a\nb");
        assertThat(TableFacts.rulesOfContent("a\nb")).isEqualTo("a\nb");
        TableFacts twice = TableFacts.NONE.withRules("d").ofContentBy(once.rules());
        assertThat(twice.rules()).isEqualTo("a\nb\nchanged\nc\nd");
        assertThat(TableFacts.NONE.withRules("a\nb").ofContentBy(twice.rules())).isEqualTo(twice);
        assertThat(TableFacts.NONE.ofContentBy("a").rules()).isEqualTo("a\nchanged");
        assertThat(TableFacts.NONE.withRules("a").ofContentBy("").rules()).isEqualTo("changed\na");
        assertThat(TableFacts.rulesOfContent("changed\na")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "2  logged  0 {} {} {}",
                "1  logged  x {} {} {}",
                "1  logged  0 {} {}",
                "1  logged  0 {1} {} {}",
                "1  logged  0 {} {1=a} {}",
                "1  logged  0 {} {} {1=a,b}"
            })
    void anything_else_is_refused(String text) {
        assertThatThrownBy(() -> TableFacts.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void every_kind_of_notice_is_read_again() {
        for (TableNotice notice : List.of(
                new TableNotice.Undecodable("why: ü"),
                new TableNotice.Leaf(4_294_967_295L, "s.a leaf: ü"),
                new TableNotice.Leaf(1, ""),
                new TableNotice.Gone("dropped"),
                new TableNotice.Gone(""))) {
            byte[] bytes = notice.bytes();
            assertThat(TableNotice.parse(bytes, 0, bytes.length)).isEqualTo(notice);
        }
        assertThatThrownBy(() -> TableNotice.parse(new byte[] {'P', 'x'}, 0, 2))
                .isInstanceOf(MalformedBatchException.class);
        assertThatThrownBy(() -> TableNotice.parse(new byte[] {'L', '1'}, 0, 2))
                .isInstanceOf(MalformedBatchException.class);
        assertThatThrownBy(() -> TableNotice.parse(new byte[0], 0, 0)).isInstanceOf(MalformedBatchException.class);
    }
}
