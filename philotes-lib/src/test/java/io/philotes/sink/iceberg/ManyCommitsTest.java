// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.KEYED;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import io.philotes.sink.iceberg.local.LocalCatalog;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One table, one small commit after the other: 300, or 10 000 with {@code -Dphilotes.long=true}; prints what a commit takes at
 * the beginning and at the end.
 */
class ManyCommitsTest {

    private static final int COMMITS = Boolean.getBoolean("philotes.long") ? 10_000 : 300;
    private static final int WINDOW = 100;
    private static final int KEYS = 50;

    @Test
    void old_metadata_files_go_and_every_commit_counts(@TempDir Path directory) throws Exception {
        try (JdbcCatalog catalog = LocalCatalog.open(directory)) {
            TestLake lake =
                    new TestLake(catalog, options -> options.compaction(CompactionOptions.DEFAULT)).loaded(KEYED);
            ChangeFeed feed = new ChangeFeed(TestLake.LOADED_AT.value());
            for (int key = 0; key < KEYS; key++) {
                feed.begin().insert(KEYED, key, "key " + key, 0).commit();
            }
            lake.apply(feed);
            long[] nanos = new long[COMMITS];
            long cpuBefore = cpuNanos();
            for (int i = 0; i < COMMITS; i++) {
                feed.begin().update(KEYED, i % KEYS, "key " + i % KEYS, i).commit();
                long began = System.nanoTime();
                lake.apply(feed);
                nanos[i] = System.nanoTime() - began;
                if ((i + 1) % 1_000 == 0) {
                    report(i + 1, nanos, lake.table("orders"));
                    System.out.printf(
                            "  CPU of the process for each of the last 1000: %.1f ms%n",
                            (cpuNanos() - cpuBefore) / 1e9);
                    cpuBefore = cpuNanos();
                }
            }
            report(COMMITS, nanos, lake.table("orders"));
            assertThat(lake.rows("orders")).containsExactlyInAnyOrderElementsOf(expected());
            assertBounded(lake.table("orders"));
        }
    }

    private static List<String> expected() {
        return java.util.stream.IntStream.range(0, KEYS)
                .mapToObj(key -> key + "|key " + key + "|" + (COMMITS - KEYS + key))
                .toList();
    }

    /** Each commit replaces the metadata file; the ones before the newest hundred are gone. */
    private static void assertBounded(Table table) throws IOException {
        try (Stream<Path> files = Files.list(Path.of(table.location(), "metadata"))) {
            assertThat(files.filter(file -> file.toString().endsWith(".metadata.json")))
                    .hasSizeLessThanOrEqualTo(1
                            + Integer.parseInt(table.properties().get(TableProperties.METADATA_PREVIOUS_VERSIONS_MAX)));
        }
    }

    private static void report(int commits, long[] nanos, Table table) throws IOException {
        String metadata = ((HasTableOperations) table).operations().current().metadataFileLocation();
        System.out.printf(
                java.util.Locale.ROOT,
                "ManyCommitsTest %d commits: median of the first %d %.1f ms, of the last %.1f ms, p95 %.1f and %.1f ms,"
                        + " metadata.json %d KiB%n",
                commits,
                WINDOW,
                quantile(nanos, 0, 0.5),
                quantile(nanos, commits - WINDOW, 0.5),
                quantile(nanos, 0, 0.95),
                quantile(nanos, commits - WINDOW, 0.95),
                Files.size(Path.of(metadata)) >> 10);
    }

    private static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    private static double quantile(long[] nanos, int from, double quantile) {
        long[] window = Arrays.copyOfRange(nanos, from, from + WINDOW);
        Arrays.sort(window);
        return window[(int) (quantile * (WINDOW - 1))] / 1e6;
    }
}
