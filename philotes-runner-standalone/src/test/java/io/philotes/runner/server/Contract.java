// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.yaml.snakeyaml.Yaml;

/** {@code docs/openapi/philotes-v1.yaml}, against which answers are held. OpenAPI 3.1 speaks JSON Schema. */
public final class Contract {

    public static final Path FILE = Path.of("..", "docs", "openapi", "philotes-v1.yaml");

    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);

    private final ObjectMapper json = new ObjectMapper();
    private final JsonNode root;

    private Contract(JsonNode root) {
        this.root = root;
    }

    public static Contract read() throws IOException {
        Object yaml = new Yaml().load(Files.readString(FILE));
        return new Contract(new ObjectMapper().valueToTree(yaml));
    }

    /** Every operation, by {@code GET /path}. */
    public Map<String, JsonNode> operations() {
        Map<String, JsonNode> all = new TreeMap<>();
        root.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(method -> all.put(
                                method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(), method.getValue())));
        return all;
    }

    /** Fails unless status, content type and body are what the operation's entry says. */
    public void hold(String operation, HttpResponse<byte[]> response) throws IOException {
        String body = new String(response.body(), StandardCharsets.UTF_8);
        String what = operation + " " + response.statusCode() + " " + body;
        JsonNode entry = operations().get(operation).path("responses").path(Integer.toString(response.statusCode()));
        assertThat(entry.isMissingNode()).as("not in the contract: " + what).isFalse();
        JsonNode content = resolved(entry).path("content");
        String type =
                response.headers().firstValue("content-type").orElse("none").split(";")[0];
        assertThat(content.has(type))
                .as(type + " is not in the contract: " + what)
                .isTrue();
        if (type.endsWith("json")) {
            assertThat(schema(content.path(type).path("schema")).validate(json.readTree(body)))
                    .as(what)
                    .isEmpty();
        }
    }

    /** Fails unless the body would be one that the operation takes. */
    public void holdRequest(String operation, String body) throws IOException {
        JsonNode schema = operations().get(operation).at("/requestBody/content/application~1json/schema");
        assertThat(schema.isMissingNode()).as(operation).isFalse();
        assertThat(schema(schema).validate(json.readTree(body)))
                .as(operation + body)
                .isEmpty();
    }

    /** The names that a schema knows. */
    Set<String> names(String schema) {
        Set<String> names = new TreeSet<>();
        root.at("/components/schemas/" + schema + "/properties").fieldNames().forEachRemaining(names::add);
        return names;
    }

    private JsonNode resolved(JsonNode entry) {
        return entry.has("$ref") ? root.at(entry.path("$ref").asText().substring(1)) : entry;
    }

    /** With the components beside it, so that its references lead somewhere. */
    private JsonSchema schema(JsonNode schema) {
        ObjectNode whole = schema.deepCopy();
        whole.set("components", root.path("components"));
        return SCHEMAS.getSchema(whole);
    }
}
