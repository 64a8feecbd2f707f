// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.config.PhilotesConfig;
import io.philotes.config.Secret;
import io.philotes.config.internal.Keys;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The reference page and the code say the same. */
class ReferenceTest {

    private static final Path PAGE = Path.of("..", "docs", "reference", "configuration.md");

    private static List<String> examples() throws IOException {
        return Pattern.compile("```yaml\n(version:.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(PAGE))
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }

    @Test
    void every_example_can_be_read() throws IOException {
        assertThat(examples()).hasSize(2);
        for (String example : examples()) {
            String readable = example.replace("${file:/run/secrets/shop_db_password}", "x");
            assertThat(new ConfigReader(name -> "x").parse("configuration.md", readable))
                    .isNotNull();
        }
    }

    /** An example that leaves a key out leaves its reader to guess. */
    @Test
    void the_long_example_holds_every_key() throws IOException {
        Set<String> keys = new TreeSet<>();
        collect(PhilotesConfig.class, keys);
        String example = examples().get(1);
        assertThat(keys).allSatisfy(key -> assertThat(example).containsPattern("\\b" + key + ":"));
    }

    /** What faults take their suggestions from. */
    @Test
    void the_example_that_the_runner_brings_is_that_of_the_page() throws IOException {
        try (InputStream brought = Examples.class.getResourceAsStream(Examples.RESOURCE)) {
            assertThat(new String(brought.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("# SPDX-License-Identifier: Apache-2.0\n"
                            + examples().get(1));
        }
    }

    @Test
    void every_key_is_on_the_page() throws IOException {
        Set<String> keys = new TreeSet<>();
        collect(PhilotesConfig.class, keys);
        String page = Files.readString(PAGE);
        assertThat(keys).allSatisfy(key -> assertThat(page).containsPattern("[`.]" + key + "[`.]"));
    }

    private static void collect(Type type, Set<String> keys) {
        if (type instanceof ParameterizedType generic) {
            for (Type argument : generic.getActualTypeArguments()) {
                collect(argument, keys);
            }
        } else if (type instanceof Class<?> plain && plain.isRecord() && isMapping(plain)) {
            Keys.of(plain).forEach((key, component) -> {
                keys.add(key);
                collect(component.getGenericType(), keys);
            });
        }
    }

    private static boolean isMapping(Class<?> type) {
        return type != Secret.class && !type.getSimpleName().equals("ByteSize");
    }
}
