// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import com.fasterxml.jackson.databind.JsonNode;
import io.philotes.model.TableId;
import java.io.IOException;
import java.util.Optional;

/**
 * A logical message with the prefix {@link #PREFIX}, always transactional: it tells of a table at its place in the stream.
 *
 * <pre>
 * {"writer": …, "table": picture}                                       as table-pictures.sql gives it
 * {"writer": …, "gone": {"oid": …, "schema": …, "name": …, "why": …}}   not there any more
 * {"writer": …, "failed": {"oid": …, "why": …}}                         changed, nobody knows how; oid null: any table
 *
 * writer is the slot of the pipeline that looked, or null when the event trigger tells everybody
 * </pre>
 *
 * <p>In UTF-8 whatever the database's encoding: the server sends the bytes on as they were written.
 */
sealed interface TableMessage {

    /** Of every message here. */
    String PREFIX = "philotes_table";

    /**
     * The table is this from here on.
     *
     * @param looked whether a look of this pipeline says so, and not the event trigger
     */
    record Seen(CatalogPicture picture, boolean looked) implements TableMessage {}

    /** There is no table of that oid and name any more. */
    record Gone(int oid, TableId table, String why) implements TableMessage {}

    /** A table changed and could not be looked at; without an oid it may be any. */
    record Failed(Optional<Integer> oid, String why) implements TableMessage {}

    /**
     * Reads a message; empty when it is for another pipeline.
     *
     * @throws IllegalArgumentException for what no writer writes
     */
    static Optional<TableMessage> parse(byte[] bytes, int offset, int length, String slot) {
        try {
            JsonNode node = CatalogPictures.JSON.readTree(bytes, offset, length);
            boolean forUs =
                    node.get("writer").isNull() || node.get("writer").asText().equals(slot);
            return forUs ? Optional.of(parse(node)) : Optional.empty();
        } catch (IOException | NullPointerException e) {
            throw new IllegalArgumentException("this is no message about a table", e);
        }
    }

    private static TableMessage parse(JsonNode node) {
        if (node.has("table")) {
            return new Seen(
                    CatalogPictures.parse(node.get("table")),
                    !node.get("writer").isNull());
        }
        if (node.has("gone")) {
            JsonNode gone = node.get("gone");
            TableId table =
                    new TableId(gone.get("schema").asText(), gone.get("name").asText());
            return new Gone(
                    (int) gone.get("oid").asLong(), table, gone.get("why").asText());
        }
        JsonNode failed = node.get("failed");
        Optional<Integer> oid = failed.get("oid").isNull()
                ? Optional.empty()
                : Optional.of((int) failed.get("oid").asLong());
        return new Failed(oid, failed.get("why").asText());
    }
}
