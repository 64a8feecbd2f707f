// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.sink.iceberg.SnapshotKeeper.Leftovers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.NotFoundException;

/**
 * Finds the files that only expired table snapshots used: what was theirs, without what any table snapshot that is left uses,
 * on whichever branch, and without what those use whose files may still be read. When any of that cannot be read, nothing is
 * found. Confined to one thread, as is its table, which must be freshly loaded.
 */
final class ExpiredFiles {

    private final Table table;
    private final ManifestFinder finder;
    private final Map<String, ManifestFile> dropped = new HashMap<>();
    private final Map<String, ManifestFile> used = new HashMap<>();

    ExpiredFiles(Table table) {
        this.table = table;
        this.finder = new ManifestFinder(table.io());
    }

    /** Locations in the order in which they are to be deleted: what tells of others comes behind them. */
    List<String> find(Leftovers leftovers) {
        Set<String> lists = new HashSet<>();
        Set<String> statistics = new HashSet<>();
        for (ExpiredSnapshot expired : leftovers.due()) {
            statistics.addAll(expired.statistics());
            if (finder.addManifestsIfThere(expired.manifestList(), dropped)) {
                lists.add(expired.manifestList());
            }
        }
        for (ExpiredSnapshot expired : leftovers.read()) {
            finder.addManifestsIfThere(expired.manifestList(), used);
            lists.remove(expired.manifestList());
        }
        for (Snapshot snapshot : table.snapshots()) {
            finder.addManifests(snapshot.manifestListLocation(), used);
            lists.remove(snapshot.manifestListLocation());
        }
        dropped.keySet().removeAll(used.keySet());
        table.statisticsFiles().forEach(file -> statistics.remove(file.path()));
        table.partitionStatisticsFiles().forEach(file -> statistics.remove(file.path()));
        List<String> found = new ArrayList<>(unusedFiles());
        found.addAll(dropped.keySet());
        found.addAll(lists);
        found.addAll(statistics);
        return found;
    }

    private Set<String> unusedFiles() {
        Set<String> files = new HashSet<>();
        dropped.values().removeIf(manifest -> !tell(manifest, files));
        for (ManifestFile manifest : used.values()) {
            if (files.isEmpty()) {
                break;
            }
            finder.files(manifest, files::remove);
        }
        return files;
    }

    private boolean tell(ManifestFile manifest, Set<String> files) {
        try {
            finder.files(manifest, files::add);
            return true;
        } catch (NotFoundException e) {
            // An earlier attempt, or somebody else, was here before.
            return false;
        }
    }
}
