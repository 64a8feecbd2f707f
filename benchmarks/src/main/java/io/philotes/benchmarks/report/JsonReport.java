// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.philotes.benchmarks.lake.LakeSize;
import io.philotes.benchmarks.result.Latency;
import io.philotes.benchmarks.result.Result;
import io.philotes.benchmarks.result.Spread;
import java.util.Map;
import java.util.Optional;

/** A result as one JSON object; every key is always there, null where it does not apply. Stateless. */
public final class JsonReport {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private JsonReport() {}

    /** Times in what their names say; each median stands with its spread in {@code spread}. */
    public static ObjectNode of(Result result) {
        ObjectNode json = JSON.createObjectNode();
        json.put("workload", result.workload());
        json.put("variant", result.variant());
        json.put("rows", result.rows());
        json.put("repeats", result.repetitions().size());
        ObjectNode spread = JSON.createObjectNode();
        put(json, spread, "rowsPerSecond", Optional.of(result.rowsPerSecond()));
        put(json, spread, "limitRowsPerSecond", result.limitRowsPerSecond());
        put(json, spread, "debeziumRowsPerSecond", result.debeziumRowsPerSecond());
        put(json, spread, "ratioToLimit", result.ratioToLimit());
        put(json, spread, "ratioToDebezium", result.ratioToDebezium());
        put(json, spread, "startSeconds", Optional.of(result.startSeconds()));
        put(json, spread, "cpuMicrosPerRow", result.cpuMicrosPerRow());
        put(json, spread, "walsenderMicrosPerRow", result.walsenderMicrosPerRow());
        put(json, spread, "limitCpuMicrosPerRow", result.limitCpuMicrosPerRow());
        put(json, spread, "debeziumCpuMicrosPerRow", result.debeziumCpuMicrosPerRow());
        put(json, spread, "limitWalsenderMicrosPerRow", result.limitWalsenderMicrosPerRow());
        result.others().forEach((name, figure) -> put(json, spread, name, Optional.of(figure)));
        json.put("peakHeapBytes", result.peakHeapBytes());
        json.put("peakLiveHeapBytes", result.peakLiveHeapBytes());
        json.put("peakRssBytes", result.peakRssBytes());
        putLake(json, result.repetitions().get(result.repetitions().size() - 1).lake());
        putLatency(json, result.latency());
        json.put("load", rounded(result.load()));
        json.set("spread", spread);
        return json;
    }

    /** Several, by what names them, as one object. */
    public static ObjectNode of(Map<String, JsonNode> results) {
        ObjectNode json = JSON.createObjectNode();
        results.forEach(json::set);
        return json;
    }

    private static void putLake(ObjectNode json, LakeSize lake) {
        json.put("dataFiles", lake.dataFiles());
        json.put("deleteFiles", lake.deleteFiles());
        json.put("deletedRows", lake.deletedRows());
        json.put("bytes", lake.bytes());
        json.put("tableSnapshots", lake.tableSnapshots());
    }

    private static void putLatency(ObjectNode json, Optional<Latency> latency) {
        if (latency.isEmpty()) {
            json.putNull("latencyMillis");
            return;
        }
        json.putObject("latencyMillis")
                .put("p50", rounded(latency.get().p50()))
                .put("p99", rounded(latency.get().p99()));
    }

    private static void put(ObjectNode json, ObjectNode spread, String name, Optional<Spread> figure) {
        if (figure.isEmpty()) {
            json.putNull(name);
            return;
        }
        json.put(name, rounded(figure.get().median()));
        spread.putArray(name)
                .add(rounded(figure.get().least()))
                .add(rounded(figure.get().greatest()));
    }

    /** Three digits behind the point: more would be noise. */
    private static double rounded(double figure) {
        return Math.round(figure * 1000) / 1000.0;
    }
}
