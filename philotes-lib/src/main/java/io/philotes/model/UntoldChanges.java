// SPDX-License-Identifier: Apache-2.0
package io.philotes.model;

import io.philotes.model.TableFacts.DefinedType;
import io.philotes.model.TableFacts.Leaf;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * What happened to a table's rows between two pictures without a change in the stream, as reasons for people. Where the
 * catalog's marks have a harmful and a harmless explanation, the harmful one is told. Immutable.
 *
 * @param lost rows came or went: a history misses that, too
 * @param rewritten rows show other values than they did
 */
public record UntoldChanges(List<String> lost, List<String> rewritten) {

    private static final UntoldChanges NONE = new UntoldChanges(List.of(), List.of());
    private static final int MAX_NAMES = 5;

    public UntoldChanges {
        lost = List.copyOf(lost);
        rewritten = List.copyOf(rewritten);
    }

    /**
     * Compares; of a table of which nothing was known nothing is told.
     *
     * @param truncatedBy transactions since {@code before} whose TRUNCATE of the whole table came in the stream, with no row
     *     of the table behind it in the same transaction
     */
    public static UntoldChanges between(TableFacts before, TablePicture now, Set<Long> truncatedBy) {
        if (before.equals(TableFacts.NONE) || now.facts().equals(TableFacts.NONE)) {
            return NONE;
        }
        List<String> lost = new ArrayList<>(unlogged(before, now.facts()));
        lost.addAll(partitions(before.leaves(), now.facts().leaves(), truncatedBy));
        List<String> rewritten = new ArrayList<>(rewrites(before, now));
        rewritten.addAll(types(before.types(), now.facts().types()));
        return new UntoldChanges(lost, rewritten);
    }

    private static List<String> unlogged(TableFacts before, TableFacts now) {
        if (before.logged() == now.logged()) {
            return List.of();
        }
        return List.of(
                now.logged()
                        ? "the table or one of its partitions was unlogged: what was written then is not in the stream"
                        : "the table or one of its partitions is unlogged now: what is written to it is not in the stream");
    }

    /**
     * TRUNCATE of a partition, ATTACH and DETACH come in no message. TRUNCATE of the whole table does, and gives each
     * partition a new file.
     */
    private static List<String> partitions(Map<Long, Leaf> before, Map<Long, Leaf> now, Set<Long> truncatedBy) {
        Map<Long, Leaf> pictured = new HashMap<>(before);
        pictured.values().removeIf(Leaf::isOnlySeen);
        List<String> reasons = new ArrayList<>();
        add(reasons, names(now, (oid, leaf) -> !pictured.containsKey(oid) && !leaf.born()), "attached with their rows");
        add(
                reasons,
                names(
                        now,
                        (oid, leaf) -> pictured.containsKey(oid)
                                && !leaf.links().equals(pictured.get(oid).links())),
                "detached and attached again");
        add(
                reasons,
                names(before, (oid, leaf) -> !now.containsKey(oid)),
                "detached or dropped, their rows are still here");
        BiPredicate<Long, Leaf> hasOtherFile = (oid, leaf) -> pictured.containsKey(oid)
                ? !leaf.file().equals(pictured.get(oid).file())
                : leaf.born() && !leaf.file().equals(oid.toString());
        add(
                reasons,
                names(now, hasOtherFile.and((oid, leaf) -> !truncatedBy.contains(leaf.xid()))),
                "emptied or rewritten (TRUNCATE, VACUUM FULL, CLUSTER or ALTER TABLE)");
        return reasons;
    }

    private static void add(List<String> reasons, List<String> partitions, String what) {
        if (!partitions.isEmpty()) {
            reasons.add("partitions were " + what + ", which the stream does not tell: " + some(partitions));
        }
    }

    private static List<String> names(Map<Long, Leaf> leaves, BiPredicate<Long, Leaf> wanted) {
        return leaves.entrySet().stream()
                .filter(entry -> wanted.test(entry.getKey(), entry.getValue()))
                .map(entry -> entry.getValue().name())
                .sorted()
                .toList();
    }

    private static String some(List<String> names) {
        String first = String.join(", ", names.subList(0, Math.min(names.size(), MAX_NAMES)));
        return names.size() > MAX_NAMES ? first + " and " + (names.size() - MAX_NAMES) + " more" : first;
    }

    /**
     * A new file alone comes of TRUNCATE (which the stream tells), VACUUM FULL and CLUSTER; a column's new version alone of
     * what leaves rows as they are. Both together are what ALTER TABLE leaves when it rewrites rows. Types do not clear it:
     * a conversion may compute anything ({@code USING}).
     */
    private static List<String> rewrites(TableFacts before, TablePicture now) {
        if (before.file().equals(now.facts().file())) {
            return List.of();
        }
        List<String> altered = new ArrayList<>();
        List<String> added = new ArrayList<>();
        now.facts().columns().forEach((attnum, version) -> {
            Long known = before.columns().get(attnum);
            if (known == null) {
                added.add(name(now.relation(), attnum));
            } else if (!known.equals(version)) {
                altered.add(name(now.relation(), attnum));
            }
        });
        if (!altered.isEmpty()) {
            return List.of("rows were rewritten when columns were altered, so that older ones may hold other values: "
                    + some(altered));
        }
        return added.isEmpty()
                ? List.of()
                : List.of("rows were rewritten when columns were added, so that older ones may hold values there: "
                        + some(added));
    }

    private static String name(RelationSchema relation, int attnum) {
        return relation.columns().stream()
                .filter(column -> column.attnum() == attnum)
                .map(Column::name)
                .findFirst()
                .orElse("column number " + attnum + ", which is not mirrored");
    }

    private static List<String> types(Map<Long, DefinedType> before, Map<Long, DefinedType> now) {
        List<String> reasons = new ArrayList<>();
        now.forEach((oid, type) -> {
            DefinedType known = before.get(oid);
            if (known != null && !prints(known, type)) {
                reasons.add(
                        type.open()
                                ? "labels of enum " + type.name() + " were renamed: older rows keep the old text"
                                : "attributes of type " + type.name() + " changed: older rows keep the old text");
            }
        });
        return reasons;
    }

    /** Whether values of the older definition print the same by the newer one. */
    private static boolean prints(DefinedType before, DefinedType now) {
        return now.open()
                ? now.parts().entrySet().containsAll(before.parts().entrySet())
                : now.parts().equals(before.parts());
    }
}
