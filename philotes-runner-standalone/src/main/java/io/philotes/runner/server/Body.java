// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.http.Context;
import io.philotes.config.internal.Suggestion;
import io.philotes.model.TableId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A request's body: an object with known keys, all of them optional. Collects every fault. Used by one thread. */
final class Body {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final JsonNode root;
    private final Set<String> keys;
    private final List<ProblemJson.Fault> faults = new ArrayList<>();

    private Body(JsonNode root, Set<String> keys) {
        this.root = root;
        this.keys = keys;
    }

    /** @throws Refusal when it is no object; no body at all is an empty one */
    static Body of(Context context, Set<String> keys) {
        Body body = new Body(root(context.body()), keys);
        body.root
                .fieldNames()
                .forEachRemaining(name -> body.require(
                        keys.contains(name), "/" + escaped(name), "is not known" + Suggestion.text(name, keys)));
        return body;
    }

    private static JsonNode root(String text) {
        try {
            JsonNode root = JSON.readTree(text.isBlank() ? "{}" : text);
            if (root.isObject()) {
                return root;
            }
        } catch (JsonProcessingException e) {
            throw Refusal.of(400, "the body is no JSON, or has a key twice");
        }
        throw Refusal.of(400, "the body must be a JSON object");
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    private void require(boolean fits, String pointer, String message) {
        if (!fits) {
            faults.add(new ProblemJson.Fault(pointer, message));
        }
    }

    List<TableId> tables() {
        JsonNode list = root.path("tables");
        require(list.isMissingNode() || list.isArray(), "/tables", "must be a list of \"schema.table\"");
        List<TableId> tables = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            try {
                tables.add(TableId.parse(list.get(i).isTextual() ? list.get(i).textValue() : ""));
            } catch (IllegalArgumentException e) {
                faults.add(new ProblemJson.Fault("/tables/" + i, String.valueOf(e.getMessage())));
            }
        }
        return tables;
    }

    Optional<String> text(String name) {
        JsonNode value = root.path(name);
        require(value.isMissingNode() || value.isTextual(), "/" + name, "must be a text");
        return Optional.ofNullable(value.textValue());
    }

    /** One text, or several in a list; none when it is not there. A list of nothing does not mean everything. */
    List<String> texts(String name) {
        JsonNode value = root.path(name);
        require(!value.isArray() || !value.isEmpty(), "/" + name, "must not be an empty list: leave it out for all");
        List<String> texts = new ArrayList<>();
        Iterable<JsonNode> all = value.isArray() ? value : value.isMissingNode() ? List.of() : List.of(value);
        for (JsonNode one : all) {
            require(one.isTextual(), "/" + name, "must be a text");
            texts.add(one.asText());
        }
        return texts;
    }

    int number(String name, int byDefault) {
        JsonNode value = root.path(name);
        require(
                value.isMissingNode() || value.canConvertToInt() && value.isInt(),
                "/" + name,
                "must be a whole number");
        return value.asInt(byDefault);
    }

    boolean flag(String name) {
        JsonNode value = root.path(name);
        require(value.isMissingNode() || value.isBoolean(), "/" + name, "must be true or false");
        return value.asBoolean();
    }

    /** @throws Refusal with all that was found; to be called when everything was read */
    void requireSense() {
        if (!faults.isEmpty()) {
            throw Refusal.of(
                    faults,
                    "the body may hold "
                            + String.join(", ", keys.stream().sorted().toList()));
        }
    }
}
