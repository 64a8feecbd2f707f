// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.stream.Stream;

/**
 * Where it was measured. Immutable.
 *
 * @param processor its name and how many there are
 * @param memoryBytes physical memory
 * @param java version of the JVM
 * @param postgres version of the server
 * @param date in UTC
 */
public record Machine(String processor, long memoryBytes, String java, String postgres, LocalDate date) {

    private static final String UNKNOWN = "unknown processor";

    /** This one, now. */
    public static Machine here(String postgres) {
        String processor = Runtime.getRuntime().availableProcessors() + " × " + field("/proc/cpuinfo", "model name");
        String memory = field("/proc/meminfo", "MemTotal").replaceAll("[^0-9]", "");
        return new Machine(
                processor,
                memory.isEmpty() ? 0 : Long.parseLong(memory) << 10,
                System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"),
                postgres,
                LocalDate.now(ZoneOffset.UTC));
    }

    private static String field(String file, String name) {
        try (Stream<String> lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).trim())
                    .findFirst()
                    .orElse(UNKNOWN);
        } catch (IOException e) {
            return UNKNOWN;
        }
    }
}
