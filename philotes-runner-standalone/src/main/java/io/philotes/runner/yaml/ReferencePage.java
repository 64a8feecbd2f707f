// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.yaml;

import io.philotes.config.DestinationConfig;
import io.philotes.config.PhilotesConfig;
import io.philotes.config.PipelineConfig;
import io.philotes.config.SourceConfig;
import io.philotes.config.TableConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the reference page tells of each key: the rows of its tables. Immutable. */
final class ReferencePage {

    private static final Map<String, Class<?>> SECTIONS = Map.of(
            "## Keys", PhilotesConfig.class,
            "### Source", SourceConfig.class,
            "### Destination", DestinationConfig.class,
            "### Pipeline", PipelineConfig.class,
            "### Table", TableConfig.class);
    private static final Pattern ROW =
            Pattern.compile("\\| (`[^|]*`) \\| ((?:[^|]|\\\\\\|)*) \\| ((?:[^|]|\\\\\\|)*) \\|");
    private static final Pattern LINK = Pattern.compile("\\[([^]]*)]\\([^)]*\\)");

    private final Map<String, String> byKey = new HashMap<>();

    /** @param markdown the page; without one nothing is told */
    ReferencePage(String markdown) {
        Class<?> section = null;
        for (String line : markdown.lines().toList()) {
            section = line.startsWith("#") ? SECTIONS.get(line) : section;
            Matcher row = ROW.matcher(line);
            if (section != null && row.matches()) {
                add(section, row.group(1), row.group(2), row.group(3));
            }
        }
    }

    /** The page as it was when the runner was built; a build that leaves it out has a schema without descriptions. */
    static ReferencePage ofResource() {
        try (InputStream in = ReferencePage.class.getResourceAsStream("configuration.md")) {
            return new ReferencePage(in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A row may be about several keys: {@code `a.b`, `a.c`}, or {@code `a.b`, `.c`} for short. */
    private void add(Class<?> section, String keys, String unsaid, String meaning) {
        String first = "";
        for (String quoted : keys.split(", ")) {
            String key = quoted.replace("`", "");
            String path = key.startsWith(".") ? first.substring(0, first.lastIndexOf('.')) + key : key;
            first = first.isEmpty() ? path : first;
            String about = plain((unsaid.isBlank() ? "" : "Default: " + unsaid + ". ") + meaning);
            Spot.at(section, path).ifPresent(spot -> byKey.putIfAbsent(name(spot.owner(), spot.key()), about));
        }
    }

    private static String plain(String markdown) {
        return LINK.matcher(markdown)
                .replaceAll("$1")
                .replace("`", "")
                .replace("\\|", "|")
                .replace("Default: required", "Required")
                .strip();
    }

    private static String name(Class<?> owner, String key) {
        return owner.getName() + " " + key;
    }

    Optional<String> about(Class<?> owner, String key) {
        return Optional.ofNullable(byKey.get(name(owner, key))).filter(about -> !about.isEmpty());
    }
}
