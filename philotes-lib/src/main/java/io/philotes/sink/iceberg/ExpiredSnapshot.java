// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import java.util.List;
import java.util.stream.Stream;
import org.apache.iceberg.PartitionStatisticsFile;
import org.apache.iceberg.StatisticsFile;
import org.apache.iceberg.TableMetadata;

/**
 * What a table snapshot that is in the table's metadata no more leaves behind. Immutable.
 *
 * @param manifestList tells everything else that it used
 * @param statistics files that others made for it
 */
record ExpiredSnapshot(String manifestList, List<String> statistics) {

    ExpiredSnapshot {
        statistics = List.copyOf(statistics);
    }

    /** Of one that the metadata still has. */
    static ExpiredSnapshot of(TableMetadata metadata, long snapshotId) {
        Stream<String> files = metadata.statisticsFiles().stream()
                .filter(file -> file.snapshotId() == snapshotId)
                .map(StatisticsFile::path);
        Stream<String> ofPartitions = metadata.partitionStatisticsFiles().stream()
                .filter(file -> file.snapshotId() == snapshotId)
                .map(PartitionStatisticsFile::path);
        return new ExpiredSnapshot(
                metadata.snapshot(snapshotId).manifestListLocation(),
                Stream.concat(files, ofPartitions).toList());
    }
}
