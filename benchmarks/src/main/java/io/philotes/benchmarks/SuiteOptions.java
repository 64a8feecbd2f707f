// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** How all are run. */
final class SuiteOptions {

    @Option(
            names = "--quick",
            description = "all: fewer rows, three repetitions, Debezium in the first only; 25 minutes.")
    private boolean quick;

    @Option(names = "--resume", description = "all: goes on with the results of the run before.")
    private boolean resume;

    @Option(names = "--only", paramLabel = "KEY", split = ",", description = "all: only these.")
    private List<String> only = new ArrayList<>();

    @Option(
            names = "--page",
            paramLabel = "FILE",
            description = "all: the page whose figures are replaced; default docs/reference/performance.md.")
    private Path page;

    boolean isQuick() {
        return quick;
    }

    boolean resumes() {
        return resume;
    }

    boolean includes(String key) {
        return only.isEmpty() || only.contains(key);
    }

    Path page() {
        return page != null ? page : home().resolve("docs/reference/performance.md");
    }

    /** Of the two forms each has its own, so that they are never mixed. */
    Path results() {
        return home().resolve("benchmarks/target/results").resolve(quick ? "quick" : "full");
    }

    private static Path home() {
        return Path.of(System.getProperty("philotes.home", ""));
    }
}
