// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.suite;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.philotes.benchmarks.report.JsonReport;
import io.philotes.benchmarks.result.Result;
import io.philotes.benchmarks.run.Benchmark;
import io.philotes.benchmarks.run.BenchmarkException;
import io.philotes.benchmarks.run.BenchmarkOptions;
import io.philotes.benchmarks.run.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Runs all entries and keeps each result in a file, so that a run that was ended goes on where it was. For one thread.
 *
 * @param results directory of the files; with results in it only what is missing is run
 * @param isQuick fewer rows, and Debezium in the first repetition only
 */
public record Suite(Path results, boolean isQuick) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** A result for each key, in the order of the suite; one that failed has {@code failure} instead of figures. */
    public Map<String, JsonNode> run(BenchmarkOptions options, Predicate<String> wanted, Progress progress)
            throws IOException, SQLException, InterruptedException {
        Files.createDirectories(results);
        Map<String, JsonNode> all = new LinkedHashMap<>();
        for (Entry entry : Entries.ALL) {
            Path file = results.resolve(entry.key() + ".json");
            if (Files.exists(file)) {
                progress.say(entry.key() + ": is there already, in " + file);
            } else if (wanted.test(entry.key())) {
                Files.writeString(file, run(entry, options, progress).toString());
            }
            if (Files.exists(file)) {
                all.put(entry.key(), JSON.readTree(file.toFile()));
            }
        }
        return all;
    }

    private JsonNode run(Entry entry, BenchmarkOptions asked, Progress progress)
            throws IOException, SQLException, InterruptedException {
        Benchmark benchmark = Benchmarks.named(entry.benchmark()).orElseThrow();
        BenchmarkOptions options = entry.change().apply(isQuick ? asked.quick(entry.quickRows()) : asked);
        long begin = System.nanoTime();
        try {
            Result result = benchmark.run(options, progress);
            ObjectNode json = JsonReport.of(result);
            json.put("tookSeconds", (System.nanoTime() - begin) / 1_000_000_000);
            return json;
        } catch (BenchmarkException e) {
            progress.say(entry.key() + ": " + e.getMessage());
            return JSON.createObjectNode().put("workload", entry.benchmark()).put("failure", firstLine(e));
        }
    }

    private static String firstLine(BenchmarkException failure) {
        return failure.getMessage().lines().findFirst().orElse("");
    }
}
