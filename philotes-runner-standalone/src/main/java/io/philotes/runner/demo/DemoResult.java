// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.demo;

import java.util.List;
import java.util.Map;

/**
 * What a demo proved. Immutable; its components are the keys of the JSON form.
 *
 * @param equal whether every row of every table is the same in source and lake
 * @param rows rows compared
 * @param tables tables compared
 * @param changes changes received from the source
 * @param transactions transactions that the shop committed
 * @param commits commit rounds
 * @param snapshots Iceberg table snapshots
 * @param lagMillis time from a commit in the source until it can be seen in the lake: {@code p50} and {@code p99}
 * @param lagSamples how many commits were measured
 * @param restarts how often the pipeline was stopped and started in between
 * @param formatVersion Iceberg's table format
 * @param directory where the lake is
 * @param differences what is not equal
 */
public record DemoResult(
        boolean equal,
        long rows,
        int tables,
        long changes,
        long transactions,
        long commits,
        long snapshots,
        Map<String, Long> lagMillis,
        int lagSamples,
        int restarts,
        int formatVersion,
        String directory,
        List<String> differences) {}
