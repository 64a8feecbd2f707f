// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What is left out, masked or filtered of one table, in table copy and stream alike. Immutable: each method gives a new one.
 * Names are compared as PostgreSQL stores them, unquoted and without folding. No argument may be null.
 *
 * <p>Values are dropped and masked inside the source, before anything is buffered or written; the publication sends them.
 * Publication column lists are not used: a column added later would be silently unpublished, and with replica identity FULL
 * a list that lacks a column makes the source's own updates fail.
 *
 * <p>A rule follows its column when that is renamed, and its table. A column that no rule names is mirrored, one that is
 * added later too; a partition that is detached is a table of its own, with rules of its own. When a rule's column cannot
 * be found, nothing of the table is mirrored. A column of the primary key or of the replica identity's index can neither be
 * left out nor be masked, but with {@link Mask#SHA256}.
 */
public final class TableRules {

    private static final TableRules NONE = new TableRules(Set.of(), Map.of(), Optional.empty());

    private final Set<String> excluded;
    private final Map<String, Mask> masked;
    private final Optional<String> where;

    private TableRules(Set<String> excluded, Map<String, Mask> masked, Optional<String> where) {
        this.excluded = excluded;
        this.masked = masked;
        this.where = where;
    }

    /** Everything of the table: where every set of rules begins. */
    public static TableRules none() {
        return NONE;
    }

    /** Also leaves these columns out. */
    public TableRules exclude(String... columns) {
        Set<String> more = new LinkedHashSet<>(excluded);
        more.addAll(List.of(columns));
        return new TableRules(more, masked, where);
    }

    /**
     * Also masks a column.
     *
     * @throws IllegalArgumentException when it has a mask already
     */
    public TableRules mask(String column, Mask mask) {
        Map<String, Mask> more = new LinkedHashMap<>(masked);
        if (more.put(Objects.requireNonNull(column, "column"), Objects.requireNonNull(mask, "mask")) != null) {
            throw new IllegalArgumentException("column " + column + " is masked twice");
        }
        return new TableRules(excluded, more, where);
    }

    /**
     * Mirrors only the rows that meet an SQL condition: the publication's row filter (PostgreSQL 15 or newer), which may use
     * columns of the replica identity only, of every partition where there are some: in one that is made later this is the
     * primary key. A row that comes to meet it is inserted, one that ceases to is deleted.
     */
    public TableRules where(String condition) {
        return new TableRules(excluded, masked, Optional.of(condition));
    }

    Set<String> excluded() {
        return excluded;
    }

    Map<String, Mask> masked() {
        return masked;
    }

    Optional<String> where() {
        return where;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TableRules o
                && excluded.equals(o.excluded)
                && masked.equals(o.masked)
                && where.equals(o.where);
    }

    @Override
    public int hashCode() {
        return Objects.hash(excluded, masked, where);
    }

    @Override
    public String toString() {
        return "exclude " + excluded + ", mask " + masked
                + where.map(w -> ", where " + w).orElse("");
    }
}
