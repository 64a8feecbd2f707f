// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.yaml;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Turns JSON into the nodes that YAML would have become. JSON is not quite YAML: tabs, and escapes, are not the same. */
final class JsonDocument {

    private static final int MAX_DEPTH = 30;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build();

    private final JsonParser in;

    private JsonDocument(JsonParser in) {
        this.in = in;
    }

    /** The root; empty when a fault was reported. What stands there is not shown: it may be a secret. */
    static Optional<Node> parse(String json, Faults faults) {
        try (JsonParser parser = JSON.createParser(json)) {
            parser.nextToken();
            Node root = new JsonDocument(parser).node();
            if (parser.nextToken() == null) {
                return Optional.of(root);
            }
            faults.add(place(parser.currentTokenLocation()), "", "not JSON: something stands behind its end");
        } catch (JacksonException e) {
            faults.add(e.getLocation() == null ? Place.START : place(e.getLocation()), "", "not JSON");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Optional.empty();
    }

    private static Place place(JsonLocation at) {
        return new Place(Math.max(1, at.getLineNr()), Math.max(1, at.getColumnNr()));
    }

    private Node node() throws IOException {
        JsonToken token = in.currentToken();
        if (token == JsonToken.START_OBJECT) {
            return mapping();
        }
        if (token == JsonToken.START_ARRAY) {
            return list();
        }
        if (token == JsonToken.VALUE_NULL) {
            return scalar(Tag.NULL);
        }
        if (token == null) {
            throw new com.fasterxml.jackson.core.JsonParseException(in, "nothing is there");
        }
        return scalar(token == JsonToken.VALUE_STRING ? Tag.STR : token.isNumeric() ? Tag.INT : Tag.BOOL);
    }

    private Node mapping() throws IOException {
        Mark start = mark();
        List<NodeTuple> entries = new ArrayList<>();
        while (in.nextToken() != JsonToken.END_OBJECT) {
            Node key = scalar(Tag.STR);
            in.nextToken();
            entries.add(new NodeTuple(key, node()));
        }
        return new MappingNode(Tag.MAP, true, entries, start, mark(), FlowStyle.FLOW);
    }

    private Node list() throws IOException {
        Mark start = mark();
        List<Node> items = new ArrayList<>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
            items.add(node());
        }
        return new SequenceNode(Tag.SEQ, true, items, start, mark(), FlowStyle.FLOW);
    }

    private Node scalar(Tag tag) throws IOException {
        Mark start = mark();
        return new ScalarNode(tag, in.getText(), start, start, ScalarStyle.DOUBLE_QUOTED);
    }

    private Mark mark() {
        JsonLocation at = in.currentTokenLocation();
        return new Mark("body", 0, at.getLineNr() - 1, at.getColumnNr() - 1, new int[0], 0);
    }
}
