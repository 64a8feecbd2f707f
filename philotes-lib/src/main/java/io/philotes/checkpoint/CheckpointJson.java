// SPDX-License-Identifier: Apache-2.0
package io.philotes.checkpoint;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.model.TableId;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * A {@link Checkpoint} as one line of JSON, the same in a file and in a table property. Stateless and thread-safe.
 *
 * <pre>
 * {"format": 1, "crc32c": "8 hex digits over the UTF-8 bytes of the compact checkpoint object",
 *  "checkpoint": {"pipelineId": "…", "epoch": 7, "systemId": "…", "slot": "…", "coveredUpTo": "0/16B3748",
 *    "source": {"timelines": "1@0/5000000,2", "database": 5, "publication": 16412, "incarnation": "…", "counter": 7},
 *    "tables": [{"schema": "…", "name": "…", "state": "STREAMING", "position": "X/Y", "lastMarker": "X/Y", "reason": ""}]}}
 * </pre>
 *
 * <p>A field may be added without another format number when a version that does not know it may lose it: {@code source}
 * and what is in it may be missing, and is then taken over from the source at the next start.
 */
public final class CheckpointJson {

    private static final int FORMAT = 1;

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();

    private CheckpointJson() {}

    /** The checkpoint as text; never null, without line breaks. */
    public static String encode(Checkpoint checkpoint) {
        ObjectNode body = body(checkpoint);
        ObjectNode document = MAPPER.createObjectNode();
        document.put("format", FORMAT);
        document.put("crc32c", crc(body));
        document.set("checkpoint", body);
        return document.toString();
    }

    private static ObjectNode body(Checkpoint checkpoint) {
        ObjectNode body = MAPPER.createObjectNode();
        body.put("pipelineId", checkpoint.pipelineId());
        body.put("epoch", checkpoint.epoch());
        body.put("systemId", checkpoint.systemId());
        body.put("slot", checkpoint.slot());
        body.put("coveredUpTo", checkpoint.coveredUpTo().toString());
        SourceMarkJson.write(checkpoint.source(), body);
        ArrayNode tables = body.putArray("tables");
        checkpoint.tables().forEach((table, progress) -> {
            ObjectNode node = tables.addObject();
            node.put("schema", table.schema());
            node.put("name", table.name());
            node.put("state", progress.state().name());
            node.put("position", progress.position().toString());
            node.put("lastMarker", progress.lastMarker().toString());
            node.put("reason", progress.reason());
        });
        return body;
    }

    private static String crc(JsonNode body) {
        CRC32C crc = new CRC32C();
        crc.update(body.toString().getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws PhilotesException CHECKPOINT_CORRUPT when the text is not whole, FORMAT_TOO_NEW when a newer version wrote it
     */
    public static Checkpoint decode(String text) {
        try {
            JsonNode document = MAPPER.readTree(text);
            requireFormat(required(document, "format").asInt(0));
            JsonNode body = required(document, "checkpoint");
            if (!crc(body).equals(text(document, "crc32c"))) {
                throw corrupt("its checksum does not match", null);
            }
            return checkpoint(body);
        } catch (JsonProcessingException e) {
            // Jackson quotes the text in its message; its place is enough.
            throw corrupt(
                    "it is not JSON, at " + "line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr(),
                    null);
        } catch (IllegalArgumentException e) {
            throw corrupt(e.getMessage(), e);
        }
    }

    private static void requireFormat(int format) {
        if (format > FORMAT) {
            throw new PhilotesException(
                    ErrorCode.FORMAT_TOO_NEW,
                    "Cannot read the checkpoint: it has format " + format + ", the newest that is known here is "
                            + FORMAT);
        }
        if (format < 1) {
            throw corrupt("it has no format number", null);
        }
    }

    private static Checkpoint checkpoint(JsonNode body) {
        Map<TableId, TableProgress> tables = new TreeMap<>();
        for (JsonNode node : required(body, "tables")) {
            tables.put(new TableId(text(node, "schema"), text(node, "name")), progress(node));
        }
        return new Checkpoint(
                text(body, "pipelineId"),
                required(body, "epoch").longValue(),
                SourceMarkJson.read(text(body, "systemId"), body),
                text(body, "slot"),
                Lsn.parse(text(body, "coveredUpTo")),
                tables);
    }

    private static TableProgress progress(JsonNode node) {
        return new TableProgress(
                TableState.valueOf(text(node, "state")),
                Lsn.parse(text(node, "position")),
                Lsn.parse(text(node, "lastMarker")),
                text(node, "reason"));
    }

    private static JsonNode required(JsonNode node, String field) {
        JsonNode value = node.get(field);
        if (value == null) {
            throw new IllegalArgumentException("field '" + field + "' is missing");
        }
        return value;
    }

    private static String text(JsonNode node, String field) {
        JsonNode value = required(node, field);
        if (!value.isTextual()) {
            throw new IllegalArgumentException("field '" + field + "' is not a text");
        }
        return value.textValue();
    }

    private static PhilotesException corrupt(String why, Throwable cause) {
        return new PhilotesException(ErrorCode.CHECKPOINT_CORRUPT, "Cannot read the checkpoint: " + why, cause);
    }
}
