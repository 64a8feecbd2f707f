// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.lake;

/**
 * How big the tables are. Immutable.
 *
 * @param dataFiles live ones
 * @param deleteFiles live ones, deletion vectors too
 * @param deletedRows positions that are deleted in live files
 * @param bytes of all live files
 * @param tableSnapshots that are still known
 */
public record LakeSize(long dataFiles, long deleteFiles, long deletedRows, long bytes, long tableSnapshots) {

    public static final LakeSize NONE = new LakeSize(0, 0, 0, 0, 0);

    public LakeSize plus(LakeSize other) {
        return new LakeSize(
                dataFiles + other.dataFiles,
                deleteFiles + other.deleteFiles,
                deletedRows + other.deletedRows,
                bytes + other.bytes,
                tableSnapshots + other.tableSnapshots);
    }
}
