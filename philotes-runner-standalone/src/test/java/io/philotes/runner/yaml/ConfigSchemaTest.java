// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.philotes.config.internal.Keys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.Yaml;

/** The schema takes what the documents show, and refuses what the file's reader refuses. */
class ConfigSchemaTest {

    private static final Path DOCS = Path.of("..", "docs");
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final JsonNode TREE = MAPPER.valueToTree(ConfigSchema.tree());
    private static final JsonSchema SCHEMA =
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(TREE);

    private static Set<ValidationMessage> faults(String yaml) {
        Object loaded = new Yaml().load(yaml);
        return SCHEMA.validate(MAPPER.valueToTree(loaded));
    }

    @Test
    void it_is_a_schema_itself() {
        JsonSchema meta = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
        assertThat(meta.validate(TREE)).isEmpty();
    }

    @Test
    void every_whole_example_of_the_documents_is_valid() throws IOException {
        int examples = 0;
        for (Path page : pages()) {
            for (String example : Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
                    .matcher(Files.readString(page))
                    .results()
                    .map(match -> match.group(1))
                    .filter(text -> text.contains("version: 1"))
                    .toList()) {
                assertThat(faults(example)).as("%s:%n%s", page, example).isEmpty();
                examples++;
            }
        }
        assertThat(examples).isGreaterThan(3);
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.walk(DOCS)) {
            return Stream.concat(
                            Stream.of(Path.of("..", "README.md")),
                            docs.filter(file -> file.toString().endsWith(".md")))
                    .toList();
        }
    }

    @Test
    void the_keys_are_those_of_the_records() {
        EveryKeyTest.records().forEach(record -> {
            JsonNode mapping = record.getSimpleName().equals("PhilotesConfig")
                    ? TREE
                    : TREE.path("$defs").path(record.getSimpleName());
            Set<String> names = new TreeSet<>();
            mapping.path("properties").fieldNames().forEachRemaining(names::add);
            assertThat(names)
                    .as("%s", record)
                    .isEqualTo(new TreeSet<>(Keys.of(record).keySet()));
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "commit: { interval: soon } | interval",
                "commit: { interval: '${WAIT}' } | ",
                "commit: { intervall: 1s } | intervall",
                "buffer: { type: dsk } | type",
                "buffer: { max-size: 64MB } | max-size",
                "copy: { parallelism: many } | parallelism",
                "copy: { parallelism: '${N}' } | ",
                "namespace: 5 | ",
                "namespace: [a] | namespace",
                "tables: public.orders | tables",
                "tables: [{ mode: upsert }] | table",
                "'tables': [{ table: a.b, columns: { mask: { x: null } } }] | ",
                "'tables': [{ table: a.b, columns: { mask: { x: md5 } } }] | mask"
            })
    void what_is_wrong_is_found_and_what_is_right_is_not(String keys, String fault) {
        String yaml = """
                version: 1
                pipelines:
                  shop:
                    source: { url: "jdbc:postgresql://x/y", username: a }
                    destination: { catalog: { type: local, warehouse: lake } }
                    %s
                    %s
                """.formatted(keys.contains("tables") ? "" : "tables: [public.orders]", keys);
        if (fault == null) {
            assertThat(faults(yaml)).isEmpty();
        } else {
            assertThat(faults(yaml)).anyMatch(message -> message.getMessage().contains(fault));
        }
    }

    @Test
    void each_key_of_the_page_tells_what_it_means() throws IOException {
        ReferencePage page = new ReferencePage(Files.readString(DOCS.resolve("reference/configuration.md")));
        JsonNode tree = MAPPER.valueToTree(ConfigSchema.tree(page));
        assertThat(tree.at("/$defs/CommitConfig/properties/interval/description")
                        .asText())
                .startsWith("Default: 10s. from the beginning of a round")
                .doesNotContain("`", "](");
        assertThat(tree.at("/$defs/SourceConfig/properties/url/description").asText())
                .startsWith("Required. jdbc:postgresql");
        assertThat(tree.at("/properties/state/$ref").asText()).isEqualTo("#/$defs/StateConfig");
        assertThat(tree.at("/$defs/StateConfig/properties/schema/description").asText())
                .contains("schema that holds");
    }
}
