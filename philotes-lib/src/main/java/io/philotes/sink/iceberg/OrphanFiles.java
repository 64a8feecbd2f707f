// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.sink.iceberg.internal.call.Worker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadata.MetadataLogEntry;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.SupportsPrefixOperations;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the files in a table's own directories that nothing in the table knows: what a crash left of a commit that was never
 * made. In doubt a file stays. One whose name any table snapshot on any branch knows stays, wherever that file is; so does
 * everything that is young, that lies where this table would not have put it, or that is no data, delete or manifest file. When a
 * metadata file of another table is there, two tables share the directory, and all stays. The table may be registered in another
 * catalog as well, and get commits there: so what any metadata file of it tells counts, also of which the table knows nothing.
 *
 * <p>Confined to one thread, as is its table, which must be freshly loaded.
 */
final class OrphanFiles {

    private static final Logger LOG = LoggerFactory.getLogger(OrphanFiles.class);

    /** The next ones are found the next time. */
    private static final int MOST_FOUND = 10_000;

    /** More metadata files than that of which the table knows nothing are not looked into. */
    private static final int MOST_UNKNOWN = 200;

    /** How its name ends, but for what says that it is compressed. */
    private static final String METADATA_FILE = ".metadata.json";

    /** A file, or one below directories of partitions. */
    private static final Pattern DATA = Pattern.compile("([^/]+=[^/]*/)*[^/]+\\.(parquet|puffin|avro|orc)");

    private static final Pattern MANIFEST = Pattern.compile("[^/]+\\.avro");

    private final Table table;
    private final TableMetadata metadata;
    private final Duration age;
    private final long now;
    private final long notStaged;
    private final NameSet known = new NameSet();
    private final Set<String> otherLists = new HashSet<>();
    private long newest = Long.MIN_VALUE;

    /**
     * @param age how much older than the newest metadata file an orphan is, by the storage's clock, for ours may be wrong by days,
     *     and than now, for a file may be dated in the future
     * @param notStaged what is older is not staged in this process
     */
    OrphanFiles(Table table, Duration age, Instant now, Instant notStaged) {
        this.table = table;
        this.metadata = ((HasTableOperations) table).operations().current();
        this.age = age;
        this.now = now.toEpochMilli();
        this.notStaged = notStaged.toEpochMilli();
    }

    /**
     * Their locations, not more than {@value #MOST_FOUND}.
     *
     * @param read expired table snapshots whose files may still be read
     */
    List<String> find(List<ExpiredSnapshot> read) {
        if (!(table.io() instanceof SupportsPrefixOperations storage) || !isAlone(storage)) {
            return List.of();
        }
        learn(read);
        List<String> found = new ArrayList<>();
        collect(storage, directory("data"), DATA, found);
        collect(storage, directory("metadata"), MANIFEST, found);
        return found;
    }

    private String directory(String name) {
        String location = table.location();
        return (location.endsWith("/") ? location : location + "/") + name + "/";
    }

    /** Whether the table's metadata is where it is looked for, and no other table's is. */
    private boolean isAlone(SupportsPrefixOperations storage) {
        Set<String> own = new HashSet<>();
        metadata.previousFiles().stream()
                .map(MetadataLogEntry::file)
                .map(OrphanFiles::name)
                .forEach(own::add);
        String current = name(metadata.metadataFileLocation());
        boolean currentSeen = false;
        List<String> unknown = new ArrayList<>();
        for (FileInfo file : storage.listPrefix(directory("metadata"))) {
            Worker.step();
            String name = name(file.location());
            newest = Math.max(newest, file.createdAtMillis());
            currentSeen |= name.equals(current);
            if (name.contains(METADATA_FILE) && !name.equals(current) && !own.contains(name)) {
                unknown.add(file.location());
            }
        }
        boolean alone = currentSeen
                && unknown.size() <= MOST_UNKNOWN
                && unknown.stream().allMatch(this::isOfThisTable);
        if (!alone) {
            LOG.info(
                    "Orphan files stay: the place may be shared with another table, {} of its metadata files are not the table's;"
                            + " location={}",
                    unknown.size(),
                    table.location());
        } else if (!otherLists.isEmpty()) {
            LOG.info(
                    "Files stay that only other metadata files of the table know, which a crash left or a catalog made in which it is"
                            + " registered too: {} metadata files, {} table snapshots; location={}",
                    unknown.size(),
                    otherLists.size(),
                    table.location());
        }
        return alone;
    }

    /** And notes the table snapshots that only this metadata file knows. */
    private boolean isOfThisTable(String metadataFile) {
        Worker.step();
        try {
            TableMetadata other = TableMetadataParser.read(table.io(), metadataFile);
            for (Snapshot snapshot : other.snapshots()) {
                if (metadata.snapshot(snapshot.snapshotId()) == null) {
                    otherLists.add(snapshot.manifestListLocation());
                }
            }
            other.statisticsFiles().forEach(file -> known.add(file.path()));
            other.partitionStatisticsFiles().forEach(file -> known.add(file.path()));
            return metadata.uuid().equals(other.uuid());
        } catch (NotFoundException e) {
            // It was just deleted: metadata files go with each commit.
            return true;
        } catch (RuntimeException e) {
            LOG.debug("Cannot read {}", metadataFile, e);
            return false;
        }
    }

    private void learn(List<ExpiredSnapshot> read) {
        ManifestFinder finder = new ManifestFinder(table.io());
        Map<String, ManifestFile> manifests = new HashMap<>();
        for (Snapshot snapshot : table.snapshots()) {
            known.add(snapshot.manifestListLocation());
            finder.addManifests(snapshot.manifestListLocation(), manifests);
        }
        for (ManifestFile manifest : manifests.values()) {
            known.add(manifest.path());
            finder.files(manifest, known::add);
        }
        learnOfExpired(read, finder);
        learnOfOthers(finder);
        table.statisticsFiles().forEach(file -> known.add(file.path()));
        table.partitionStatisticsFiles().forEach(file -> known.add(file.path()));
    }

    private void learnOfExpired(List<ExpiredSnapshot> read, ManifestFinder finder) {
        Map<String, ManifestFile> manifests = new HashMap<>();
        for (ExpiredSnapshot expired : read) {
            known.add(expired.manifestList());
            expired.statistics().forEach(known::add);
            finder.addManifestsIfThere(expired.manifestList(), manifests);
        }
        manifests.values().forEach(manifest -> learnIfThere(manifest, finder));
    }

    private void learnOfOthers(ManifestFinder finder) {
        Map<String, ManifestFile> manifests = new HashMap<>();
        for (String list : otherLists) {
            known.add(list);
            finder.addManifestsIfThere(list, manifests);
        }
        manifests.values().forEach(manifest -> learnIfThere(manifest, finder));
    }

    private void learnIfThere(ManifestFile manifest, ManifestFinder finder) {
        known.add(manifest.path());
        try {
            finder.files(manifest, known::add);
        } catch (NotFoundException e) {
            LOG.debug("Somebody else deleted {}", manifest.path());
        }
    }

    private void collect(SupportsPrefixOperations storage, String directory, Pattern place, List<String> found) {
        long createdBefore = Math.min(notStaged, Math.min(newest, now) - age.toMillis());
        for (FileInfo file : storage.listPrefix(directory)) {
            Worker.step();
            if (found.size() == MOST_FOUND) {
                return;
            }
            boolean old = file.createdAtMillis() < createdBefore;
            boolean inPlace = file.location().startsWith(directory)
                    && place.matcher(file.location().substring(directory.length()))
                            .matches();
            if (old && inPlace && !known.mayHave(file.location())) {
                found.add(file.location());
            }
        }
    }

    private static String name(String location) {
        return location.substring(location.lastIndexOf('/') + 1);
    }
}
