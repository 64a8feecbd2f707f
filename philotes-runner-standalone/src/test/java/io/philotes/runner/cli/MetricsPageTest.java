// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page of metrics and the registry say the same: names and tags. */
class MetricsPageTest {

    private static final Path PAGE = Path.of("..", "docs", "reference", "metrics.md");

    /** Name to tags, as the page has them. */
    private static Map<String, TreeSet<String>> documented() throws Exception {
        Map<String, TreeSet<String>> all = new TreeMap<>();
        Pattern.compile("^\\| `(philotes_[a-z_]+)` \\| ([a-z, ]+) \\|", Pattern.MULTILINE)
                .matcher(Files.readString(PAGE))
                .results()
                .forEach(row ->
                        all.put(row.group(1), new TreeSet<>(List.of(row.group(2).split(", ")))));
        return all;
    }

    @Test
    void names_and_tags_are_those_of_the_page() throws Exception {
        assertThat(EveryMeter.meters()).isEqualTo(documented());
    }
}
