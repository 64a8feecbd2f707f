// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.part;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A part's process: reads a {@link PartSpec} from the first line of standard input, drains, answers with a {@link PartReport} on
 * a line of standard output, and stays as it is until standard input ends, so that it can be looked at from outside; each further
 * line of input is answered by another report.
 */
public final class PartMain {

    private PartMain() {}

    public static void main(String[] args) throws Exception {
        PrintStream answer = System.out;
        System.setOut(System.err);
        HeapPeak heap = HeapPeak.watch();
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        JsonMapper json = JsonMapper.builder().build();
        PartSpec spec = json.readValue(input.readLine(), PartSpec.class);
        long openedAt = nowMicros();
        try (Part part = open(spec)) {
            long drainedFrom = nowMicros();
            part.drain();
            do {
                PartReport report =
                        new PartReport(openedAt, drainedFrom, nowMicros(), heap.peakBytes(), heap.peakLiveBytes());
                answer.println(json.writeValueAsString(report));
                answer.flush();
            } while (input.readLine() != null);
        }
        System.exit(0);
    }

    private static Part open(PartSpec spec) throws Exception {
        return switch (spec.kind()) {
            case LIMIT -> WireReader.open(spec);
            case PHILOTES -> PhilotesPart.start(spec);
            case DEBEZIUM, DEBEZIUM_COPY -> DebeziumPart.start(spec);
            case PARQUET -> ParquetPart.open(spec);
        };
    }

    private static long nowMicros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }
}
