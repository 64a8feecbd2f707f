// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.philotes.model.ReplicaIdentity;
import io.philotes.model.TableFacts;
import io.philotes.model.TableId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Asks for {@link CatalogPicture}s, in one statement however many, and reads them from JSON. Stateless. */
final class CatalogPictures {

    /** A table that is always there: asked for when only what all pictures have in common is wanted. */
    private static final int PG_CLASS = 1259;

    static final ObjectMapper JSON = new ObjectMapper();

    private static final String QUERY = resource("table-pictures.sql");

    /** Without what is said to people alone: driver and server read all of it, each time. */
    private static final String TERSE =
            QUERY.replaceAll("--.*", "").replaceAll("\\s+", " ").strip();

    private static final String ASKED = TERSE.replace("$1", "?::int8[]::oid[]");

    private CatalogPictures() {}

    private static String resource(String name) {
        try (InputStream in = CatalogPictures.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The event triggers, whose function asks what is asked here. */
    static String trackingSql() {
        return resource("schema-tracking.sql").replace("-- @table-pictures@\n", QUERY);
    }

    /** The query for these tables' pictures: a row each, {@code oid} and {@code picture}. */
    static String query(Collection<Integer> oids) {
        return TERSE.replace("$1", "ARRAY[" + Catalog.oidList(oids) + "]::oid[]");
    }

    /** The pictures of the tables that exist, all of the same moment, by oid. */
    static Map<Integer, CatalogPicture> read(Connection connection, Collection<Integer> oids) throws SQLException {
        Map<Integer, CatalogPicture> pictures = new HashMap<>();
        if (!oids.isEmpty()) {
            Object list = connection.createArrayOf(
                    "int8", oids.stream().map(Integer::toUnsignedLong).toArray());
            Sql.query(connection, ASKED, row -> pictures.put((int) row.getLong(1), parse(row.getString(2))), list);
        }
        return pictures;
    }

    /** See {@link TableFacts#tracking}: that of now. */
    static String tracking(Connection connection) throws SQLException {
        return read(connection, List.of(PG_CLASS)).get(PG_CLASS).facts().tracking();
    }

    static CatalogPicture parse(String json) {
        try {
            return parse(JSON.readTree(json));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("this is no picture of a table", e);
        }
    }

    /** Reads what the query wrote; throws {@link IllegalArgumentException} for what it cannot have written. */
    static CatalogPicture parse(JsonNode node) {
        try {
            return new CatalogPicture(
                    table(node),
                    elements(node, "attributes")
                            .filter(a -> a.get(6).asText().equals("s"))
                            .map(a -> a.get(0).asInt())
                            .collect(Collectors.toSet()),
                    elements(node, "ancestors")
                            .map(a -> new TableId(a.get(0).asText(), a.get(1).asText()))
                            .toList(),
                    elements(node, "publications")
                            .collect(Collectors.toMap(p -> p.get(0).asText(), CatalogPictures::publishing)),
                    facts(node));
        } catch (NullPointerException | NumberFormatException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("this is no picture of a table", e);
        }
    }

    private static Stream<JsonNode> elements(JsonNode node, String name) {
        return StreamSupport.stream(node.get(name).spliterator(), false);
    }

    private static CatalogTable table(JsonNode node) {
        List<CatalogColumn> columns =
                elements(node, "attributes").map(CatalogPictures::column).toList();
        return new CatalogTable(
                (int) node.get("oid").asLong(),
                new TableId(node.get("schema").asText(), node.get("name").asText()),
                node.get("kind").asText().equals("p"),
                node.get("persistence").asText().equals("u"),
                ReplicaIdentity.ofLetter(node.get("identity").asText().charAt(0)),
                columns,
                key(node, 0),
                key(node, 1));
    }

    private static CatalogColumn column(JsonNode a) {
        return new CatalogColumn(
                a.get(0).asInt(),
                a.get(1).asText(),
                a.get(5).asBoolean(),
                (int) a.get(2).asLong(),
                a.get(3).asInt(),
                a.get(4).asBoolean(),
                text(a.get(8)),
                !a.get(6).asText().isEmpty());
    }

    private static Optional<String> text(JsonNode node) {
        return node.isNull() ? Optional.empty() : Optional.of(node.asText());
    }

    /** The attnums of the first index that has the flag. */
    private static List<Integer> key(JsonNode node, int flag) {
        return elements(node, "keys")
                .filter(key -> key.get(flag).asBoolean())
                .findFirst()
                .map(key -> Arrays.stream(key.get(3).asText().split(" "))
                        .limit(key.get(2).asInt())
                        .map(Integer::valueOf)
                        .toList())
                .orElse(List.of());
    }

    private static CatalogPicture.Publishing publishing(JsonNode p) {
        Optional<List<Integer>> columns = text(p.get(1))
                .map(list -> Arrays.stream(list.split("[^0-9]+"))
                        .filter(number -> !number.isEmpty())
                        .map(Integer::valueOf)
                        .toList());
        return new CatalogPicture.Publishing(
                columns, text(p.get(2)), p.get(3).asText().equals("s"), text(p.get(4)));
    }

    private static TableFacts facts(JsonNode node) {
        boolean logged = !node.get("persistence").asText().equals("u")
                && elements(node, "leaves")
                        .noneMatch(leaf -> leaf.get(4).asText().equals("u"));
        return new TableFacts(
                "",
                logged,
                node.get("file").asText(),
                node.get("natts").asInt(),
                elements(node, "attributes")
                        .filter(a -> !a.get(5).asBoolean())
                        .collect(Collectors.toMap(
                                a -> a.get(0).asInt(), a -> a.get(7).asLong())),
                elements(node, "leaves").collect(Collectors.toMap(l -> l.get(0).asLong(), CatalogPictures::leaf)),
                elements(node, "types").collect(Collectors.toMap(t -> t.get(0).asLong(), CatalogPictures::type)),
                text(node.get("tracking")).orElse(""));
    }

    private static TableFacts.Leaf leaf(JsonNode l) {
        return new TableFacts.Leaf(
                l.get(1).asText(),
                l.get(2).asText(),
                l.get(3).asLong(),
                l.get(5).asBoolean(),
                l.get(6).asText());
    }

    private static TableFacts.DefinedType type(JsonNode t) {
        Map<Long, String> parts = new HashMap<>();
        t.get(3).forEach(part -> parts.put(part.get(0).asLong(), part.get(1).asText()));
        return new TableFacts.DefinedType(t.get(1).asText(), t.get(2).asText().equals("e"), parts);
    }
}
