// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.model.ReplicaIdentity;
import io.philotes.model.TableFacts;
import io.philotes.model.TableId;
import io.philotes.source.postgres.internal.pgoutput.Relation;
import io.philotes.source.postgres.internal.pgoutput.RelationColumn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A table's definition as the catalog keeps it, altered in memory. Confined to one thread. */
final class SimulatedTable {

    static final int OID = 7;

    private static final int TEXT = 25;

    private record Attribute(String name, int type, boolean dropped, long version) {}

    private final List<Attribute> attributes = new ArrayList<>();
    private long version = 100;

    void add(String name) {
        attributes.add(new Attribute(name, TEXT, false, ++version));
    }

    void drop(String name) {
        int at = indexOf(name);
        attributes.set(at, new Attribute("........pg.dropped." + (at + 1) + "........", 0, true, ++version));
    }

    void rename(String name, String other) {
        int at = indexOf(name);
        attributes.set(at, new Attribute(other, attributes.get(at).type(), false, ++version));
    }

    void swap(String one, String other) {
        rename(one, "swapped");
        rename(other, one);
        rename("swapped", other);
    }

    void retype(String name, int type) {
        attributes.set(indexOf(name), new Attribute(name, type, false, ++version));
    }

    private int indexOf(String name) {
        for (int i = 0; i < attributes.size(); i++) {
            if (attributes.get(i).name().equals(name)) {
                return i;
            }
        }
        throw new IllegalArgumentException(name);
    }

    List<String> names() {
        return attributes.stream()
                .filter(a -> !a.dropped())
                .map(Attribute::name)
                .toList();
    }

    List<Integer> attnums() {
        List<Integer> attnums = new ArrayList<>();
        for (int i = 0; i < attributes.size(); i++) {
            if (!attributes.get(i).dropped()) {
                attnums.add(i + 1);
            }
        }
        return attnums;
    }

    Relation message() {
        return new Relation(
                OID,
                "public",
                "t",
                'd',
                attributes.stream()
                        .filter(a -> !a.dropped())
                        .map(a -> new RelationColumn(false, a.name(), a.type(), -1))
                        .toList());
    }

    CatalogPicture picture(String tracking) {
        List<CatalogColumn> columns = new ArrayList<>();
        Map<Integer, Long> versions = new HashMap<>();
        for (Attribute a : attributes) {
            int attnum = columns.size() + 1;
            columns.add(new CatalogColumn(attnum, a.name(), a.dropped(), a.type(), -1, false, Optional.empty(), false));
            if (!a.dropped()) {
                versions.put(attnum, a.version());
            }
        }
        CatalogTable table = new CatalogTable(
                OID, TableId.parse("t"), false, false, ReplicaIdentity.DEFAULT, columns, List.of(), List.of());
        TableFacts facts = new TableFacts("", true, "1", attributes.size(), versions, Map.of(), Map.of(), tracking);
        return new CatalogPicture(table, Set.of(), List.of(), Map.of(), facts);
    }
}
