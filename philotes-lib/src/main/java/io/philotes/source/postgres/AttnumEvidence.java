// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.model.TableFacts;
import io.philotes.model.TablePicture;
import io.philotes.source.postgres.internal.pgoutput.Relation;
import io.philotes.source.postgres.internal.pgoutput.RelationColumn;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is certain of a table's attribute numbers at the place of a Relation message, from what was known before it and from
 * the catalog after it. Immutable.
 *
 * <p>A column whose {@code pg_attribute} row is the same version before and after was the same in between: <em>solid</em>.
 * Numbers are given in ascending order and never twice: a number above all that were known before is new, and when a new one
 * was there, so were all that are lower, unless dropped since. Where nobody altered a definition without telling, which the
 * event trigger's marks say, names are as they were. A column that is generated for a while, or left out by a publication
 * for a while, between two pictures that both show nothing of it, is not thought of.
 */
final class AttnumEvidence implements AttnumAssignment.Constraints {

    /** No row of the catalog has it: what is known of such a column by its version alone, is nothing. */
    private static final long UNKNOWN_VERSION = -1;

    private final Relation message;
    private final TableFacts before;
    private final CatalogPicture after;
    private final Map<Integer, String> namesBefore = new HashMap<>();
    private final Map<String, Integer> certain = new HashMap<>();
    private final Set<Integer> certainNumbers = new HashSet<>();
    private final int highestBefore;
    private final Set<String> publishedAfter;
    private final boolean steady;
    private final boolean told;

    /**
     * @param known what was known before
     * @param after the catalog after
     * @param publication whose columns the message has
     */
    AttnumEvidence(Relation message, Optional<TablePicture> known, CatalogPicture after, String publication) {
        this.message = message;
        this.before = known.map(TablePicture::facts).orElse(TableFacts.NONE);
        this.after = after;
        known.ifPresent(picture ->
                picture.relation().columns().forEach(column -> namesBefore.put(column.attnum(), column.name())));
        this.highestBefore = Math.max(
                before.highestAttnum(),
                namesBefore.keySet().stream().max(Integer::compare).orElse(0));
        this.publishedAfter = after.published(publication).columns().orElse(Set.of());
        this.steady = CatalogPicture.publishedColumnsOf(before.rules()).equals(after.publishedColumns(publication));
        this.told = !before.tracking().isEmpty()
                && before.tracking().equals(after.facts().tracking());
        collectCertain();
    }

    private void collectCertain() {
        if (told) {
            namesBefore.forEach((attnum, name) -> certain.put(name, attnum));
        }
        for (CatalogColumn column : after.table().columns()) {
            if (isSolid(column)) {
                certain.put(column.name(), column.attnum());
            }
        }
        certainNumbers.addAll(certain.values());
    }

    /** Whether no change of definition was missed since the picture before: its names still hold at the message. */
    boolean told() {
        return told;
    }

    int highest() {
        return after.table().columns().size();
    }

    private boolean isSolid(CatalogColumn now) {
        Long version = before.columns().get(now.attnum());
        return !now.dropped()
                && version != null
                && version.equals(after.facts().columns().get(now.attnum()));
    }

    /** Whether the number was that of a dropped column already, before the message. */
    private boolean wasDropped(int attnum) {
        return attnum <= highestBefore
                && !before.equals(TableFacts.NONE)
                && !before.columns().containsKey(attnum)
                && !namesBefore.containsKey(attnum);
    }

    private boolean isPublishedAfter(int attnum) {
        return after.column(attnum)
                .filter(column -> publishedAfter.contains(column.name()))
                .isPresent();
    }

    @Override
    public boolean allows(int column, int attnum) {
        RelationColumn sent = message.columns().get(column);
        if (wasDropped(attnum) || (told && attnum > highestBefore)) {
            return false;
        }
        Integer owner = certain.get(sent.name());
        if (owner != null || certainNumbers.contains(attnum)) {
            return owner != null && owner == attnum && hasSolidType(sent, attnum);
        }
        return true;
    }

    private boolean hasSolidType(RelationColumn sent, int attnum) {
        CatalogColumn now = after.table().columns().get(attnum - 1);
        return !isSolid(now) || (now.typeOid() == sent.typeOid() && now.typeModifier() == sent.typeModifier());
    }

    @Override
    public boolean mayLack(int attnum, boolean higherFollows) {
        boolean wasSent = namesBefore.containsKey(attnum);
        if (!steady || wasDropped(attnum)) {
            return true;
        }
        if (told) {
            return !wasSent;
        }
        if (attnum > highestBefore) {
            return !higherFollows || !isPublishedAfter(attnum);
        }
        CatalogColumn now = after.table().columns().get(attnum - 1);
        return !isPublishedAfter(attnum) || !(wasSent || isSolid(now));
    }

    /** Whether a number that the message lacks was that of a dropped column by then, and not of one that is not published. */
    private boolean isGone(int attnum) {
        return steady && after.column(attnum).isEmpty() && (attnum > highestBefore || namesBefore.containsKey(attnum));
    }

    /** What is known of the table from the message on, when its columns have these numbers. */
    TableFacts behind(int[] attnums) {
        int highest = Math.max(highestBefore, attnums.length == 0 ? 0 : attnums[attnums.length - 1]);
        Set<Integer> sent = Arrays.stream(attnums).boxed().collect(Collectors.toSet());
        Map<Integer, Long> columns = new HashMap<>();
        for (int attnum = 1; attnum <= highest; attnum++) {
            if (sent.contains(attnum) || !(isGone(attnum) || wasDropped(attnum))) {
                columns.put(attnum, before.columns().getOrDefault(attnum, UNKNOWN_VERSION));
            }
        }
        return new TableFacts(
                before.rules(),
                before.logged(),
                before.file(),
                highest,
                columns,
                before.leaves(),
                before.types(),
                told ? before.tracking() : "");
    }
}
