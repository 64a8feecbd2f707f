// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.sink.iceberg.internal.index.KeyIndex;
import io.philotes.sink.iceberg.internal.index.Location;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.StructLike;

/**
 * The data files of one table by ordinal, committed and staged. An index entry is a hint: it holds only while its file is
 * here and its position is not deleted, so entries of files that are gone need not be looked for. Ordinals are never used
 * twice. Confined to the thread that works on the table.
 */
final class LiveFiles {

    private static final int MAX_ORDINAL = 1 << 23;

    private final Map<Integer, LiveFile> byOrdinal = new HashMap<>();
    private final Map<String, LiveFile> byLocation = new HashMap<>();
    private final Map<String, IndexedFile> recalled = new HashMap<>();
    private final Map<Integer, Forward> forwards = new HashMap<>();
    private int nextOrdinal;

    /** Files that are numbered already, when they are met again; no other file gets a number below {@code next}. */
    void recall(Collection<IndexedFile> files, int next) {
        files.forEach(file -> recalled.put(file.location(), file));
        nextOrdinal = next;
    }

    /** Whether enough numbers are left from there on for a session that lasts. */
    static boolean canGoOnFrom(int next) {
        return next < MAX_ORDINAL / 2;
    }

    /** Those of them that were not met are gone. */
    void recallNoMore() {
        recalled.clear();
    }

    boolean isRecalled(String location) {
        return recalled.containsKey(location);
    }

    int nextOrdinal() {
        return nextOrdinal;
    }

    LiveFile add(String location, PartitionSpec spec, StructLike partition) {
        IndexedFile known = recalled.remove(location);
        if (known != null) {
            LiveFile file = add(known.ordinal(), location, spec, partition);
            for (long position : known.tombstones()) {
                file.tombstones().delete(position);
            }
            return file;
        }
        if (nextOrdinal == MAX_ORDINAL) {
            // The next session numbers the live files anew: a checkpoint that goes on from here is not read.
            throw new PhilotesException(
                    ErrorCode.STORAGE_FAILED, "Cannot number another data file: numbers are used up in this session");
        }
        return add(nextOrdinal++, location, spec, partition);
    }

    private LiveFile add(int ordinal, String location, PartitionSpec spec, StructLike partition) {
        LiveFile file = new LiveFile(ordinal, location, spec, partition);
        byOrdinal.put(file.ordinal(), file);
        byLocation.put(location, file);
        return file;
    }

    /** Null when the file is gone. */
    LiveFile at(int ordinal) {
        return byOrdinal.get(ordinal);
    }

    /** Null when the file is not known. */
    LiveFile at(String location) {
        return byLocation.get(location);
    }

    /**
     * Where a row is now that the table or a staged file once had there, which is elsewhere when compaction moved it;
     * {@link KeyIndex#NOT_FOUND} when it does not count any more.
     */
    long resolve(long location) {
        long now = follow(location);
        if (now == KeyIndex.NOT_FOUND) {
            return now;
        }
        LiveFile file = byOrdinal.get(Location.ordinal(now));
        return file == null || file.deleted().isDeleted(Location.position(now)) ? KeyIndex.NOT_FOUND : now;
    }

    /** Where compaction put the row that once was there, deleted or not; {@link KeyIndex#NOT_FOUND} when it was not copied. */
    long follow(long location) {
        long at = location;
        while (!forwards.isEmpty() && at != KeyIndex.NOT_FOUND) {
            Forward forward = forwards.get(Location.ordinal(at));
            if (forward == null) {
                return at;
            }
            at = forward.of(Location.position(at));
        }
        return at;
    }

    /** Compaction took the file out of the table and its rows elsewhere. */
    void replaced(LiveFile file, Forward now) {
        remove(file);
        forwards.put(file.ordinal(), now);
    }

    /** Bytes that stand for files that compaction replaced. */
    long forwardBytes() {
        return forwards.values().stream().mapToLong(now -> now.rows().bytes()).sum();
    }

    /** Whether an entry may name a file that compaction replaced. */
    boolean hasForwards() {
        return !forwards.isEmpty();
    }

    /** Nothing names a replaced file any more. */
    void dropForwards() {
        forwards.clear();
    }

    /** Whether the row there says that it was deleted. */
    boolean isTombstone(long location) {
        LiveFile file = byOrdinal.get(Location.ordinal(location));
        return file != null && file.tombstones().isDeleted(Location.position(location));
    }

    /** The row there says that it was deleted. */
    void addTombstone(long location) {
        byOrdinal.get(Location.ordinal(location)).tombstones().delete(Location.position(location));
    }

    void remove(LiveFile file) {
        byOrdinal.remove(file.ordinal());
        byLocation.remove(file.location());
    }

    /** Forgets committed files that the table no longer has. */
    void retainCommitted(Set<String> locations) {
        for (Iterator<LiveFile> all = byOrdinal.values().iterator(); all.hasNext(); ) {
            LiveFile file = all.next();
            if (file.isCommitted() && !locations.contains(file.location())) {
                all.remove();
                byLocation.remove(file.location());
            }
        }
    }

    Collection<LiveFile> all() {
        return byOrdinal.values();
    }
}
