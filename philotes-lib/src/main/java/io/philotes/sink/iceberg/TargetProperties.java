// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.SequenceNumber;
import io.philotes.model.TableId;
import io.philotes.sink.ParkedDigest;
import io.philotes.sink.ParkingRecord;
import io.philotes.sink.SinkContext;
import io.philotes.sink.iceberg.internal.value.RowMode;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.Transaction;

/** The table properties that Philotes writes, besides those of the {@link Marker}. Stateless. */
final class TargetProperties {

    /** The pipeline id that may write to the table. */
    static final String OWNER = "philotes.owner";

    /** The owner's name, for people. */
    static final String PIPELINE = "philotes.pipeline";

    /** The source table's name when its rows were last copied. */
    static final String SOURCE_TABLE = "philotes.source-table";

    /** The oid of the source table whose rows these are; another table of the same name has another. */
    static final String SOURCE_OID = "philotes.source-oid";

    /** {@code upsert} or {@code append}. */
    static final String MODE = "philotes.mode";

    /**
     * What a mirror's rows have besides the source's columns: {@code none}, {@code cdc-columns} or {@code soft-delete}; none
     * when it is missing.
     */
    static final String ROW_OPTIONS = "philotes.row-options";

    /** JSON object: attnum of each source column to Iceberg field id. */
    static final String COLUMNS = "philotes.columns";

    /** Commit LSN and ordinal at which the newest relation version was first applied, {@code X/Y+n}. */
    static final String SCHEMA_LSN = "philotes.schema-lsn";

    /** Why the table may differ from its source, the first reason; only a table copy takes it away. */
    static final String DIVERGED = "philotes.diverged";

    /** The batch id of the newest table copy; while it is that of the newest commit, too, nothing followed the copy. */
    static final String COPY = "philotes.copy";

    /** Which changes are set aside, as of the newest commit; missing for none. */
    static final String PARKED_OPEN = "philotes.dead-letters-open";

    /** Changes set aside before this place are void, {@code X/Y+n}. */
    static final String PARKED_FROM = "philotes.dead-letters-from";

    /** The newest replay of changes that were set aside. */
    static final String REPLAY = "philotes.dead-letters-replay";

    private static final int MAX_REASON_CHARACTERS = 500;

    /** Rows of a group wait in memory; this keeps an open file small there. */
    private static final long ROW_GROUP_BYTES = 32L << 20;

    /**
     * What keeps the metadata of a table with very many commits small: each commit that deletes rows opens every delete
     * manifest, so they are merged early, but not into large ones, for each merge writes them again; and metadata files go, but
     * for what tells a rollback from an expiry.
     */
    private static final Map<String, String> BOUNDS = Map.of(
            TableProperties.MANIFEST_MIN_MERGE_COUNT, "5",
            TableProperties.MANIFEST_TARGET_SIZE_BYTES, Integer.toString(256 << 10),
            TableProperties.METADATA_DELETE_AFTER_COMMIT_ENABLED, "true",
            TableProperties.METADATA_PREVIOUS_VERSIONS_MAX, "100");

    private static final ObjectMapper JSON = new ObjectMapper();

    private TargetProperties() {}

    /** The bounds that a table does not have yet, one of an earlier version; what a person set is left alone. */
    static Map<String, String> missingBounds(Map<String, String> properties) {
        Map<String, String> missing = new HashMap<>(BOUNDS);
        missing.keySet().removeAll(properties.keySet());
        return missing;
    }

    static Map<String, String> atCreation(SinkSettings settings, SinkContext context, TableId source) {
        Map<String, String> properties = new HashMap<>();
        properties.put(TableProperties.FORMAT_VERSION, Integer.toString(settings.formatVersion()));
        properties.put(TableProperties.PARQUET_COMPRESSION, "zstd");
        properties.put(TableProperties.PARQUET_COMPRESSION_LEVEL, Integer.toString(settings.zstdLevel()));
        properties.put(TableProperties.PARQUET_ROW_GROUP_SIZE_BYTES, Long.toString(ROW_GROUP_BYTES));
        properties.putAll(BOUNDS);
        properties.put(OWNER, context.pipelineId());
        properties.put(PIPELINE, context.pipeline());
        properties.put(SOURCE_TABLE, source.toString());
        properties.put(MODE, settings.modeOf(source).name().toLowerCase(java.util.Locale.ROOT));
        properties.put(ROW_OPTIONS, rowOptionsText(settings.rowMode(source)));
        return properties;
    }

    static String rowOptionsText(RowMode mode) {
        return switch (mode) {
            case UPSERT, APPEND -> "none";
            case UPSERT_CDC -> "cdc-columns";
            case UPSERT_SOFT_DELETE -> "soft-delete";
        };
    }

    /** How the table's rows are kept now. */
    static RowMode rowMode(Map<String, String> properties) {
        if (WriteMode.APPEND.name().equalsIgnoreCase(properties.get(MODE))) {
            return RowMode.APPEND;
        }
        String text = properties.getOrDefault(ROW_OPTIONS, "none");
        return Stream.of(RowMode.values())
                .filter(mode -> mode.mirrors() && rowOptionsText(mode).equals(text))
                .findFirst()
                .orElseThrow(() -> new PhilotesException(
                        ErrorCode.TARGET_UNUSABLE,
                        "Cannot use the target: its property " + ROW_OPTIONS + " is not known here: " + text));
    }

    static String oidText(RelationSchema relation) {
        return Integer.toUnsignedString(relation.oid());
    }

    /** Whether the rows are those of this very source table, not of one that had its name before. */
    static boolean holdsRowsOf(RelationSchema relation, Map<String, String> properties) {
        return oidText(relation).equals(properties.get(SOURCE_OID));
    }

    /** The first reason that was ever noted; empty when the table is not known to differ. */
    static Optional<String> diverged(Map<String, String> properties) {
        return Optional.ofNullable(properties.get(DIVERGED));
    }

    /** Notes a reason in a transaction, unless an earlier one stands there. */
    static void noteDivergence(Transaction transaction, String reason) {
        if (diverged(transaction.table().properties()).isEmpty()) {
            String bounded = reason.substring(0, Math.min(reason.length(), MAX_REASON_CHARACTERS));
            transaction.updateProperties().set(DIVERGED, bounded).commit();
        }
    }

    static String columnsText(Map<Integer, Integer> fieldIds) {
        try {
            return JSON.writeValueAsString(new TreeMap<>(fieldIds));
        } catch (JsonProcessingException e) {
            throw new PhilotesException(ErrorCode.DEFECT, "Cannot write the column map", e);
        }
    }

    /** Field ids by attnum. */
    static Map<Integer, Integer> columns(Map<String, String> properties) {
        String text = properties.get(COLUMNS);
        if (text == null) {
            throw new PhilotesException(
                    ErrorCode.TARGET_UNUSABLE, "Cannot use the target: its property " + COLUMNS + " is missing");
        }
        try {
            return JSON.readValue(text, new TypeReference<TreeMap<Integer, Integer>>() {});
        } catch (JsonProcessingException e) {
            throw damaged(COLUMNS, e);
        }
    }

    /** Where the newest relation version was first applied; empty before the first schema change. */
    static Optional<SequenceNumber> schemaLsn(Map<String, String> properties) {
        return place(properties, SCHEMA_LSN);
    }

    private static Optional<SequenceNumber> place(Map<String, String> properties, String property) {
        String text = properties.getOrDefault(property, "");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        int plus = text.indexOf('+');
        try {
            return Optional.of(
                    new SequenceNumber(Lsn.parse(text.substring(0, plus)), Long.parseLong(text.substring(plus + 1))));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw damaged(property, e);
        }
    }

    static ParkingRecord parking(Map<String, String> properties) {
        return new ParkingRecord(
                place(properties, PARKED_FROM), properties.getOrDefault(REPLAY, ""), parkedOpen(properties));
    }

    private static ParkedDigest parkedOpen(Map<String, String> properties) {
        try {
            return ParkedDigest.parse(properties.getOrDefault(PARKED_OPEN, ParkedDigest.NONE.toString()));
        } catch (IllegalArgumentException e) {
            throw damaged(PARKED_OPEN, e);
        }
    }

    /** The failure of a property whose text means nothing, as somebody edited it. */
    static PhilotesException damaged(String property, Exception cause) {
        return new PhilotesException(
                        ErrorCode.TARGET_UNUSABLE,
                        "Cannot use the target: its property " + property + " is damaged",
                        cause)
                .hinting("set the property back, for the table's older metadata files have it, or drop the target;"
                        + " then copy the table again");
    }

    /** How many changes are set aside. */
    static long parkedRows(Map<String, String> properties) {
        return parkedOpen(properties).count();
    }

    /** What a table says of changes set aside. */
    static Map<String, String> parking(ParkedDigest open, Optional<SequenceNumber> from, String replay) {
        Map<String, String> parking = new HashMap<>();
        parking.put(PARKED_OPEN, open.toString());
        parking.put(PARKED_FROM, from.map(SequenceNumber::toString).orElse(""));
        parking.put(REPLAY, replay);
        return parking;
    }

    /** What a missing property of {@link #parking(ParkedDigest, Optional, String)} means. */
    static String nothingParked(String property) {
        return property.equals(PARKED_OPEN) ? ParkedDigest.NONE.toString() : "";
    }
}
