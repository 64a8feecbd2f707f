// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import java.util.List;
import org.apache.iceberg.DataFile;

/**
 * Everything one commit of one table adds, before the deletes are turned into files. Immutable but for the deletes, which
 * are found anew when somebody else's commit came first.
 *
 * @param marker what the commit says of itself
 * @param added closed data files
 * @param deletes rows to delete, in files of the table and of this commit
 * @param replacesAll whether everything the table holds goes (TRUNCATE, table copy of a mirror)
 * @param rows rows written or removed, for reports
 */
record StagedCommit(Marker marker, List<DataFile> added, StagedDeletes deletes, boolean replacesAll, long rows) {

    StagedCommit {
        added = List.copyOf(added);
    }
}
