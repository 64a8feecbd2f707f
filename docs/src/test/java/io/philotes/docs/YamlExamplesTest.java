// SPDX-License-Identifier: Apache-2.0
package io.philotes.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.PhilotesException;
import io.philotes.runner.yaml.ConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/** Every YAML example is read as the runner reads it; an excerpt as a part of a whole configuration. */
class YamlExamplesTest {

    /** What excerpts belong to. */
    private static final String WHOLE = """
            version: 1
            sources:
              shop-db: { url: "jdbc:postgresql://db.internal:5432/shop", username: philotes, password: x }
            destinations:
              lake: { catalog: { type: local, warehouse: /srv/lake } }
            pipelines:
              shop:
                source: { url: "jdbc:postgresql://db.internal:5432/shop", username: philotes, password: x }
                destination: lake
                tables: [public.orders]
            """;

    @TempDir
    private Path directory;

    static List<Example> examples() {
        return Documents.examples("yaml").stream()
                .filter(example -> example.note("for").isEmpty())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void it_is_read(Example example) throws IOException {
        assertThat(read(example)).as("%s", example).isNotNull();
    }

    @Test
    void a_wrong_key_is_found() {
        Example wrong =
                new Example(Path.of("x.md"), 1, "yaml", Optional.of("in: pipelines.shop"), "bufer: { type: disk }");
        assertThatThrownBy(() -> read(wrong))
                .isInstanceOf(PhilotesException.class)
                .hasMessageContaining("bufer");
    }

    private Object read(Example example) throws IOException {
        String text = example.text();
        Path file = Files.writeString(
                directory.resolve("philotes.yaml"), text.contains("version: 1") ? text : whole(example));
        String readable = Files.readString(file).replaceAll("\\$\\{file:[^}]*}", "x");
        return new ConfigReader(name -> "x").read(Files.writeString(file, readable));
    }

    private static String whole(Example example) {
        Yaml yaml = new Yaml();
        Map<String, Object> whole = yaml.load(WHOLE);
        Map<String, Object> at = whole;
        for (String step : example.note("in").map(path -> path.split("\\.")).orElse(new String[0])) {
            at = child(at, step);
        }
        Map<String, Object> part = yaml.load(example.text());
        merge(at, part);
        Map<String, Object> shop = child(child(whole, "pipelines"), "shop");
        if (shop.containsKey("destinations")) {
            shop.remove("destination");
        }
        return yaml.dump(whole);
    }

    private static void merge(Map<String, Object> to, Map<String, Object> from) {
        from.forEach((key, value) -> {
            if (value instanceof Map<?, ?> && to.get(key) instanceof Map<?, ?>) {
                merge(child(to, key), child(from, key));
            } else {
                to.put(key, value);
            }
        });
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> child(Map<String, Object> map, String key) {
        return (Map<String, Object>) map.computeIfAbsent(key, missing -> new LinkedHashMap<String, Object>());
    }
}
