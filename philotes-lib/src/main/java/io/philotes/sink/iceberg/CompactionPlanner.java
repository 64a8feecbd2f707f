// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.sink.iceberg.internal.call.Worker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableUtil;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.util.ContentFileUtil;
import org.apache.iceberg.util.StructLikeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses what compaction writes again: files of which too much is deleted, and of each partition the small files that
 * together are at least twice as large as the largest of them. So a file is written again for deletes, or to become part of
 * one of twice its size: once for each doubling. Stateless but for its options; confined to one thread.
 */
final class CompactionPlanner {

    /** Of the size that files get; larger ones gain nothing from being merged. */
    private static final double SMALL = 0.75;

    /** Position deletes (format 2) cost a reader more than twice as much as deletion vectors. */
    private static final double POSITION_DELETES = 0.4;

    /** Of one run: 4 bytes of heap each until it lands, some times that in between. */
    private static final long MAX_DELETED_ROWS = 16L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(CompactionPlanner.class);

    private final CompactionOptions options;
    private final long fullBytes;
    private final ExecutorService manifests;
    private double deletedFraction;

    /** {@code fullBytes} is how large files get. */
    CompactionPlanner(CompactionOptions options, long fullBytes, ExecutorService manifests) {
        this.options = options;
        this.fullBytes = fullBytes;
        this.manifests = manifests;
    }

    /** What is to be done now, within one run's size; the table has a snapshot. Throws what the storage throws. */
    CompactionPlan plan(Table table) {
        long snapshot = table.currentSnapshot().snapshotId();
        deletedFraction = options.deletedFraction() * (TableUtil.formatVersion(table) >= 3 ? 1 : POSITION_DELETES);
        List<FileScanTask> all = new ArrayList<>();
        try (CloseableIterable<FileScanTask> tasks =
                table.newScan().planWith(manifests).useSnapshot(snapshot).planFiles()) {
            for (FileScanTask task : tasks) {
                Worker.step();
                all.add(task);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<CompactionPlan.Group> groups = new ArrayList<>();
        for (List<FileScanTask> partition : partitions(table, withoutEqualityDeletes(table, all))) {
            addGroup(partition, groups);
        }
        long rows = all.stream().mapToLong(task -> task.file().recordCount()).sum();
        long deleted = all.stream().mapToLong(CompactionPlanner::deleted).sum();
        return new CompactionPlan(snapshot, withinBudget(groups), rows == 0 ? 0 : (double) deleted / rows);
    }

    /** Only others write such deletes, and the copy knows of none. */
    private static List<FileScanTask> withoutEqualityDeletes(Table table, List<FileScanTask> all) {
        List<FileScanTask> fit =
                all.stream().filter(task -> !hasEqualityDeletes(task)).toList();
        if (fit.size() < all.size()) {
            LOG.info("{} files of {} have equality deletes: not compacted", all.size() - fit.size(), table.name());
        }
        return fit;
    }

    static boolean hasEqualityDeletes(FileScanTask file) {
        return file.deletes().stream().anyMatch(delete -> delete.content() == FileContent.EQUALITY_DELETES);
    }

    private static Collection<List<FileScanTask>> partitions(Table table, List<FileScanTask> all) {
        Map<Integer, StructLikeMap<List<FileScanTask>>> bySpec = new LinkedHashMap<>();
        for (FileScanTask task : all) {
            if (task.file().format() == FileFormat.PARQUET && task.file().recordCount() <= Integer.MAX_VALUE) {
                bySpec.computeIfAbsent(
                                task.file().specId(),
                                id -> StructLikeMap.create(table.specs().get(id).partitionType()))
                        .computeIfAbsent(task.file().partition(), partition -> new ArrayList<>())
                        .add(task);
            }
        }
        return bySpec.values().stream().flatMap(map -> map.values().stream()).toList();
    }

    private void addGroup(List<FileScanTask> files, List<CompactionPlan.Group> groups) {
        List<FileScanTask> chosen =
                new ArrayList<>(files.stream().filter(this::isWorn).toList());
        List<FileScanTask> small =
                files.stream().filter(file -> !isWorn(file) && isSmall(file)).toList();
        chosen.addAll(tier(small));
        if (!chosen.isEmpty()) {
            chosen.sort(Comparator.comparingLong(file -> file.file().fileSizeInBytes()));
            groups.add(new CompactionPlan.Group(chosen));
        }
    }

    private boolean isSmall(FileScanTask file) {
        return file.file().fileSizeInBytes() < fullBytes * SMALL;
    }

    private boolean isWorn(FileScanTask file) {
        long deleted = deleted(file);
        return deleted >= options.minDeletedRows()
                && deleted > deletedFraction * file.file().recordCount();
    }

    private static long deleted(FileScanTask file) {
        return file.deletes().stream()
                .filter(ContentFileUtil::isFileScoped)
                .mapToLong(DeleteFile::recordCount)
                .sum();
    }

    /** The most files, smallest first, of which the largest is no larger than the others together. */
    private List<FileScanTask> tier(List<FileScanTask> small) {
        List<FileScanTask> ascending = new ArrayList<>(small);
        ascending.sort(Comparator.comparingLong(file -> file.file().fileSizeInBytes()));
        int count = 0;
        long before = 0;
        for (int i = 0; i < ascending.size(); i++) {
            long size = ascending.get(i).file().fileSizeInBytes();
            if (size <= before) {
                count = i + 1;
            }
            before += size;
        }
        return count < options.minFiles() ? List.of() : ascending.subList(0, count);
    }

    private List<CompactionPlan.Group> withinBudget(List<CompactionPlan.Group> groups) {
        List<CompactionPlan.Group> taken = new ArrayList<>();
        long room = options.maxRunBytes();
        long deletesRoom = MAX_DELETED_ROWS;
        for (CompactionPlan.Group group : groups) {
            List<FileScanTask> files = new ArrayList<>();
            for (FileScanTask file : group.files()) {
                if (room <= 0 || deletesRoom <= 0) {
                    break;
                }
                files.add(file);
                room -= file.file().fileSizeInBytes();
                deletesRoom -= deleted(file);
            }
            if (files.size() > 1 || files.stream().anyMatch(this::isWorn)) {
                taken.add(new CompactionPlan.Group(files));
            }
        }
        return taken;
    }
}
