// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PerformancePageTest {

    private static final Machine MACHINE =
            new Machine("2 × a processor", 8L << 30, "a JVM 17", "17.11", LocalDate.of(2026, 11, 21));

    @TempDir
    private Path directory;

    private static JsonNode json(String text) throws IOException {
        return JsonMapper.builder().build().readTree(text.replace('\'', '"'));
    }

    private static Map<String, JsonNode> results() throws IOException {
        Map<String, JsonNode> results = new LinkedHashMap<>();
        results.put(
                "narrow-insert",
                json("{'rows': 1000, 'rowsPerSecond': 90, 'limitRowsPerSecond': 100, 'ratioToLimit': 0.9,"
                        + " 'ratioToDebezium': 1.5, 'spread': {'ratioToLimit': [0.8, 0.95]}}"));
        results.put("start", json("{'failure': 'it did not'}"));
        return results;
    }

    @Test
    void replaces_what_is_between_the_markers_and_nothing_else() throws Exception {
        Path page = directory.resolve("page.md");
        Files.writeString(page, "before\n" + PerformancePage.BEGIN + "\nold\n" + PerformancePage.END + "\nafter\n");
        PerformancePage.write(page, MACHINE, "3 repetitions", results());
        String text = Files.readString(page);
        assertThat(text).startsWith("before\n").endsWith("\nafter\n").doesNotContain("old");
        assertThat(text).contains("2026-11-21; 2 × a processor, 8 GiB; PostgreSQL 17.11; a JVM 17; 3 repetitions");
        PerformancePage.write(page, MACHINE, "3 repetitions", results());
        assertThat(Files.readString(page)).isEqualTo(text);
    }

    @Test
    void tells_misses_and_failures() throws Exception {
        String figures = PerformancePage.figures(MACHINE, "once", results());
        assertThat(figures)
                .contains("| 0.90 (0.80–0.95) |")
                .contains("| narrow-insert | ≥ 0.90 of the wire's limit | 0.90 | yes |")
                .contains("| narrow-insert | ≥ 2.50 times Debezium | 1.50 | **no** |")
                .contains("| start | failed: it did not |")
                .contains("| start | < 3.00 s to the first change | – | **no** |");
    }

    @Test
    void refuses_a_page_without_markers() throws Exception {
        Path page = Files.writeString(directory.resolve("page.md"), "nothing");
        assertThatThrownBy(() -> PerformancePage.write(page, MACHINE, "once", results()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("markers");
        assertThat(Files.readString(page)).isEqualTo("nothing");
    }
}
