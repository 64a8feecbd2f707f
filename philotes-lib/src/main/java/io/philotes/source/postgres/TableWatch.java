// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.model.TableId;
import io.philotes.model.TablePicture;
import io.philotes.source.SchemaTracking;
import io.philotes.source.SourceLook;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Looks at the configured tables and tells their stream what they are, when that is not what was told last. Thread-safe: one
 * look at a time.
 *
 * <p>A look that finds nothing new takes no lock and writes nothing; the server compares fingerprints.
 */
final class TableWatch {

    private final Sessions sessions;
    private final Publication publication;
    private final SourceTables tables;
    private final KnownRelations known;
    private final TableTeller teller;
    private final Map<Integer, Told> told = new ConcurrentHashMap<>();

    /**
     * What a table's stream knows of it.
     *
     * @param picture what it was
     * @param fingerprint of what this object told; empty when it told nothing yet, or that it is gone
     * @param gone whether its end was told
     */
    record Told(TablePicture picture, String fingerprint, boolean gone) {

        TableId table() {
            return picture.relation().table();
        }
    }

    TableWatch(Sessions sessions, Publication publication, SourceTables tables, KnownRelations known, String slot) {
        this.sessions = sessions;
        this.publication = publication;
        this.tables = tables;
        this.known = known;
        this.teller = new TableTeller(tables, slot);
    }

    /** Tells what a table was before the first look. */
    void expect(TablePicture picture) {
        told.put(picture.relation().oid(), new Told(picture, "", false));
    }

    /** Forgets that anything was told: after a failure nobody knows whether it was heard. */
    synchronized void forget() {
        told.replaceAll((oid, before) -> new Told(before.picture(), "", false));
    }

    synchronized SourceLook look() {
        known.takeDoubted()
                .forEach(oid -> told.computeIfPresent(oid, (o, last) -> new Told(last.picture(), "", last.gone())));
        return sessions.call("look at the tables", this::look);
    }

    private SourceLook look(Connection connection) throws SQLException {
        Map<Integer, TableId> present = tables.present(connection);
        Map<TableId, String> untold = new HashMap<>();
        tellGone(connection, present.keySet());
        tellChanged(connection, present, untold);
        SchemaTracking tracking =
                CatalogPictures.tracking(connection).isEmpty() ? SchemaTracking.INFERRED : SchemaTracking.EXACT;
        Set<TableId> names = Set.copyOf(present.values());
        return new SourceLook(tracking, publication.unpublished(connection, names), names, untold);
    }

    private void tellGone(Connection connection, Set<Integer> present) throws SQLException {
        Map<Integer, Told> missing = new HashMap<>(told);
        missing.keySet().removeAll(present);
        missing.values().removeIf(Told::gone);
        if (!missing.isEmpty()) {
            teller.tellGone(connection, missing);
            missing.forEach((oid, known) -> told.put(oid, new Told(known.picture(), "", true)));
        }
    }

    private void tellChanged(Connection connection, Map<Integer, TableId> present, Map<TableId, String> untold)
            throws SQLException {
        Map<Integer, TableId> changed = new HashMap<>(present);
        changed.keySet().removeAll(unchanged(connection, present.keySet()));
        for (Map<Integer, TableId> group : groups(changed)) {
            try {
                told.putAll(teller.tell(connection, group));
            } catch (SQLException e) {
                TableTeller.requireAlive(e);
                tellEach(connection, group, untold);
            }
        }
    }

    private Collection<Integer> unchanged(Connection connection, Collection<Integer> oids) throws SQLException {
        return teller.fingerprints(connection, oids).entrySet().stream()
                .filter(now -> told.containsKey(now.getKey())
                        && told.get(now.getKey()).fingerprint().equals(now.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Locks are counted: a transaction takes a bounded number of them. */
    private static List<Map<Integer, TableId>> groups(Map<Integer, TableId> tables) {
        List<Map<Integer, TableId>> groups = new ArrayList<>();
        tables.forEach((oid, table) -> {
            if (groups.isEmpty() || groups.get(groups.size() - 1).size() == TableTeller.MAX_LOCKS) {
                groups.add(new HashMap<>());
            }
            groups.get(groups.size() - 1).put(oid, table);
        });
        return groups;
    }

    private void tellEach(Connection connection, Map<Integer, TableId> group, Map<TableId, String> untold)
            throws SQLException {
        for (Map.Entry<Integer, TableId> table : group.entrySet()) {
            try {
                told.putAll(teller.tell(connection, Map.of(table.getKey(), table.getValue())));
            } catch (SQLException e) {
                TableTeller.requireAlive(e);
                if (!TableTeller.mayPass(e) && isOther(connection, table.getKey())) {
                    untold.put(table.getValue(), "it was altered, and its stream could not be told: " + e.getMessage());
                }
            }
        }
    }

    /** Whether a table is not what its stream knows; the event trigger's marks apart, which say nothing of it. */
    private boolean isOther(Connection connection, int oid) throws SQLException {
        Told known = told.get(oid);
        Optional<RuledPicture> now = tables.picture(connection, oid);
        if (known == null || now.isEmpty()) {
            return false;
        }
        TablePicture picture = now.get().given();
        return !picture.relation().equals(known.picture().relation())
                || !picture.facts()
                        .withTracking("")
                        .equals(known.picture().facts().withTracking(""));
    }
}
