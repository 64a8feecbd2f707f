// SPDX-License-Identifier: Apache-2.0
package io.philotes.faults;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a {@link FaultChild} is told on its command line: names and values. Immutable. */
record ChildOptions(Map<String, String> values) {

    static final String DISK = "disk";
    static final String MEMORY = "memory";
    static final String POSTGRES = "postgres";
    static final String LOCAL_CATALOG = "local";

    private static final Map<String, String> DEFAULTS = Map.ofEntries(
            Map.entry("name", "faults"),
            Map.entry("buffer", MEMORY),
            Map.entry("format", "3"),
            Map.entry("catalog", LOCAL_CATALOG),
            Map.entry("commitMillis", "150"),
            Map.entry("batchBytes", Integer.toString(1 << 20)),
            Map.entry("bufferBytes", Long.toString(64L << 20)),
            Map.entry("copyAfterCommits", "0"),
            Map.entry("retrySeconds", "1800"),
            Map.entry("letters", "none"),
            Map.entry("consumer", "none"),
            Map.entry("amount", "decimal(20,2)"),
            Map.entry("sinks", "1"));

    ChildOptions {
        values = Map.copyOf(values);
    }

    static ChildOptions of(String url, Path directory) {
        return new ChildOptions(DEFAULTS).with("url", url).with("state", url).with("directory", directory.toString());
    }

    static ChildOptions parse(String[] arguments) {
        Map<String, String> values = new TreeMap<>();
        Arrays.stream(arguments).map(a -> a.split("=", 2)).forEach(a -> values.put(a[0], a[1]));
        return new ChildOptions(values);
    }

    ChildOptions with(String name, String value) {
        Map<String, String> more = new TreeMap<>(values);
        more.put(name, value);
        return new ChildOptions(more);
    }

    ChildOptions with(String name, long value) {
        return with(name, Long.toString(value));
    }

    List<String> toArguments() {
        return values.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .toList();
    }

    String text(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no option " + name + " among " + values.keySet());
        }
        return value;
    }

    long number(String name) {
        return Long.parseLong(text(name));
    }

    Path directory() {
        return Path.of(text("directory"));
    }

    /** Where the buffer's files are. */
    Path bufferDirectory() {
        return directory().resolve("buffer");
    }

    /** Where dead letters are, if there are any. */
    Path lettersDirectory() {
        return directory().resolve("letters");
    }

    /** What a consumer heard, if there is one. */
    Path toldFile() {
        return directory().resolve("told");
    }

    /** Where the checkpoint's file is, of a durable buffer. */
    Path checkpointDirectory() {
        return directory().resolve("checkpoint");
    }
}
