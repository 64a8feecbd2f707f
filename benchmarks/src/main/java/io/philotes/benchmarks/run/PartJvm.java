// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a part's JVM is started. Immutable.
 *
 * @param heap its largest heap, as -Xmx has it
 * @param recording where a flight recording goes; empty for none
 * @param log where its standard error goes
 */
record PartJvm(String heap, Optional<Path> recording, Path log) {

    /** What Philotes must do with. */
    static final String HEAP = "512m";

    /** Debezium's engine keeps a queue of records. */
    static final String DEBEZIUM_HEAP = "2g";

    private static final String MAIN = "io.philotes.benchmarks.part.PartMain";

    List<String> command() {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx" + heap));
        command.add("-Dlogback.configurationFile=benchmark-logback.xml");
        recording.ifPresent(file -> command.add(
                "-XX:StartFlightRecording=settings=profile,dumponexit=true,filename=" + file.toAbsolutePath()));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
        return command;
    }
}
