// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import java.util.ArrayList;
import java.util.List;

/**
 * How a sink compacts its tables beside the writer. Immutable.
 *
 * @param enabled whether it does; some other tool must otherwise
 * @param minFiles so many small files of one partition, none larger than the smaller ones together, become one; at least 2
 * @param deletedFraction a data file is written again when more than this part of its rows is deleted; above 0, up to 1; in
 *     format 2 two fifths of it
 * @param minDeletedRows but not for fewer deleted rows than that; at least 1
 * @param cpuShare which part of one core it may take, above 0, up to 1; ignored while a third of a table's rows are deleted
 * @param maxRunBytes how much is read before what is done goes into the table, about
 */
public record CompactionOptions(
        boolean enabled, int minFiles, double deletedFraction, long minDeletedRows, double cpuShare, long maxRunBytes) {

    /**
     * On. A scan reads at most about 12 % more rows than there are (5 % with position deletes, which cost more to read), and
     * each row is copied about eight times while all rows are updated once all over the table, and once for each doubling
     * of a file's size.
     */
    public static final CompactionOptions DEFAULT = new CompactionOptions(true, 8, 0.12, 1000, 0.5, 512L << 20);

    /** Off. */
    public static final CompactionOptions OFF = DEFAULT.withEnabled(false);

    /** The same, on or off. */
    public CompactionOptions withEnabled(boolean on) {
        return new CompactionOptions(on, minFiles, deletedFraction, minDeletedRows, cpuShare, maxRunBytes);
    }

    /** The same with another number of small files. */
    public CompactionOptions withMinFiles(int files) {
        return new CompactionOptions(enabled, files, deletedFraction, minDeletedRows, cpuShare, maxRunBytes);
    }

    /** The same with another part of deleted rows. */
    public CompactionOptions withDeletedFraction(double fraction) {
        return new CompactionOptions(enabled, minFiles, fraction, minDeletedRows, cpuShare, maxRunBytes);
    }

    /** The same with another number of deleted rows. */
    public CompactionOptions withMinDeletedRows(long rows) {
        return new CompactionOptions(enabled, minFiles, deletedFraction, rows, cpuShare, maxRunBytes);
    }

    /** The same with another part of a core. */
    public CompactionOptions withCpuShare(double share) {
        return new CompactionOptions(enabled, minFiles, deletedFraction, minDeletedRows, share, maxRunBytes);
    }

    /** The same with another size of a run. */
    public CompactionOptions withMaxRunBytes(long bytes) {
        return new CompactionOptions(enabled, minFiles, deletedFraction, minDeletedRows, cpuShare, bytes);
    }

    /** What is wrong with the values; empty when nothing is. */
    List<String> faults() {
        List<String> faults = new ArrayList<>();
        if (minFiles < 2) {
            faults.add("compaction needs at least 2 files: " + minFiles);
        }
        if (!(deletedFraction > 0 && deletedFraction <= 1)) {
            faults.add("compaction's deleted fraction must be above 0 and at most 1: " + deletedFraction);
        }
        if (minDeletedRows < 1) {
            faults.add("compaction needs at least 1 deleted row: " + minDeletedRows);
        }
        if (!(cpuShare > 0 && cpuShare <= 1)) {
            faults.add("compaction's cpu share must be above 0 and at most 1: " + cpuShare);
        }
        if (maxRunBytes <= 0) {
            faults.add("compaction's run size must be positive: " + maxRunBytes);
        }
        return faults;
    }
}
