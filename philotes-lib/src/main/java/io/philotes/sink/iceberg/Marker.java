// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.model.Lsn;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What every commit leaves in the snapshot summary and, in the same commit, in the table's properties: whose it is and how
 * far it goes. The summary tells an attempt from another; the properties outlive snapshot expiry. Immutable.
 *
 * @param pipelineId the owner
 * @param epoch the owner's start that wrote it
 * @param endLsn everything that ends at or before it is in the table
 * @param commitMicros source commit time of the newest transaction in it, µs since 1970 UTC; 0 when unknown
 * @param schemaVersion the Iceberg schema id it was written with
 * @param batchId random, the same over all attempts of one commit
 */
record Marker(String pipelineId, long epoch, Lsn endLsn, long commitMicros, int schemaVersion, String batchId) {

    static final String PIPELINE_ID = "philotes.pipeline-id";
    static final String EPOCH = "philotes.epoch";
    static final String END_LSN = "philotes.end-lsn";
    static final String COMMIT_TS = "philotes.commit-ts";
    static final String SCHEMA_VERSION = "philotes.schema-version";
    static final String BATCH_ID = "philotes.batch-id";

    Map<String, String> toMap() {
        Map<String, String> map = new TreeMap<>();
        map.put(PIPELINE_ID, pipelineId);
        map.put(EPOCH, Long.toString(epoch));
        map.put(END_LSN, String.format("%016X", endLsn.value()));
        map.put(COMMIT_TS, Long.toString(commitMicros));
        map.put(SCHEMA_VERSION, Integer.toString(schemaVersion));
        map.put(BATCH_ID, batchId);
        return map;
    }

    /** Whether there is a marker in a summary or in properties, be it one that cannot be read. */
    static boolean isIn(Map<String, String> map) {
        return map.containsKey(END_LSN);
    }

    /** The marker in a summary or in properties; empty when there is none. Throws TARGET_UNUSABLE when it is damaged. */
    static Optional<Marker> in(Map<String, String> map) {
        if (!isIn(map)) {
            return Optional.empty();
        }
        return Optional.of(new Marker(
                map.getOrDefault(PIPELINE_ID, ""),
                number(map, EPOCH, Long::parseLong),
                new Lsn(number(map, END_LSN, text -> Long.parseUnsignedLong(text, 16))),
                number(map, COMMIT_TS, Long::parseLong),
                number(map, SCHEMA_VERSION, Integer::parseInt),
                map.getOrDefault(BATCH_ID, "")));
    }

    private static <N extends Number> N number(Map<String, String> map, String property, Function<String, N> reader) {
        try {
            return reader.apply(map.getOrDefault(property, "0"));
        } catch (NumberFormatException e) {
            throw TargetProperties.damaged(property, e);
        }
    }
}
