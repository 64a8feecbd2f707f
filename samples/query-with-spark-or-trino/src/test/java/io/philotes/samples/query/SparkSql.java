// SPDX-License-Identifier: Apache-2.0
package io.philotes.samples.query;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The {@code spark-sql} command of a README, carried out in a process of its own, with Spark, its Iceberg runtime and SQLite
 * on the class path and nothing of Philotes.
 *
 * @param settings what the command gives with {@code --conf}
 */
record SparkSql(List<String> settings) {

    private static final long LIMIT_MINUTES = 5;
    private static final Pattern SETTING = Pattern.compile("--conf (\\S+)");

    /** With the lake in another place than the command says. */
    static SparkSql of(String command, String lakeInCommand, Path lake) {
        List<String> settings = new ArrayList<>();
        Matcher setting = SETTING.matcher(command);
        while (setting.find()) {
            settings.add(setting.group(1).replace(lakeInCommand, lake.toString()));
        }
        return new SparkSql(settings);
    }

    String run(String sql, Path directory) throws IOException, InterruptedException {
        Path target = Path.of(System.getProperty("philotes.readers.spark")).normalize();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + target.resolve("classes/java-options"),
                "-cp",
                target.resolve("classes")
                        + File.pathSeparator
                        + Files.readString(target.resolve("class-path.txt")).strip(),
                "io.philotes.readers.spark.Query"));
        command.addAll(settings);
        command.add(sql);
        return output(directory, command);
    }

    private static String output(Path directory, List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(directory, "spark", ".out");
        Path errors = Files.createTempFile(directory, "spark", ".err");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        try {
            if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new AssertionError("Spark did not end well:\n" + Files.readString(errors));
            }
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(output);
    }
}
