// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.Column;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.model.TableFacts;
import io.philotes.model.TableId;
import io.philotes.model.TablePicture;
import io.philotes.source.postgres.internal.pgoutput.Relation;
import io.philotes.source.postgres.internal.pgoutput.RelationColumn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Columns are written {@code name} or {@code name:type}; a dropped one is {@code -}; an exclamation mark says that the
 * definition is another version than that without one.
 */
class RelationResolverTest {

    private static final TypeCatalog NO_TYPES = new TypeCatalog();

    private static Relation message(char identity, String... columns) {
        List<RelationColumn> all = new ArrayList<>();
        for (String column : columns) {
            all.add(new RelationColumn(column.startsWith("id"), name(column), type(column), -1));
        }
        return new Relation(7, "public", "t", identity, all);
    }

    private static Relation message(String... columns) {
        return message('d', columns);
    }

    private static String name(String column) {
        return column.replace("!", "").split(":")[0];
    }

    private static int type(String column) {
        return column.contains(":") ? Integer.parseInt(column.replace("!", "").split(":")[1]) : 25;
    }

    private static CatalogPicture catalog(List<Integer> key, String tracking, String... columns) {
        List<CatalogColumn> all = new ArrayList<>();
        Map<Integer, Long> versions = new HashMap<>();
        for (int i = 0; i < columns.length; i++) {
            boolean dropped = columns[i].equals("-");
            all.add(new CatalogColumn(
                    i + 1,
                    name(columns[i]),
                    dropped,
                    dropped ? 0 : type(columns[i]),
                    -1,
                    false,
                    Optional.empty(),
                    false));
            if (!dropped) {
                versions.put(i + 1, columns[i].endsWith("!") ? 2L : 1L);
            }
        }
        CatalogTable table =
                new CatalogTable(7, TableId.parse("t"), false, false, ReplicaIdentity.DEFAULT, all, key, List.of());
        TableFacts facts = new TableFacts("", true, "1", columns.length, versions, Map.of(), Map.of(), tracking);
        return new CatalogPicture(table, Set.of(), List.of(), Map.of(), facts);
    }

    private static CatalogPicture catalog(String... columns) {
        return catalog(List.of(1), "", columns);
    }

    private static TablePicture known(CatalogPicture picture) {
        RelationSchema relation = RelationShapes.ofCatalog(picture.table(), picture.published("p"), NO_TYPES);
        return new TablePicture(relation, picture.facts());
    }

    private static TablePicture known(String... columns) {
        return known(catalog(columns));
    }

    private static RelationResolver.Resolution resolve(Relation message, TablePicture before, CatalogPicture now) {
        CatalogNow.Seen seen = new CatalogNow.Seen(Optional.of(now), now.facts().tracking());
        return RelationResolver.resolve(message, Optional.ofNullable(before), seen, "p", NO_TYPES);
    }

    private static List<Integer> attnums(Relation message, TablePicture before, CatalogPicture now) {
        return resolve(message, before, now).picture().orElseThrow().relation().columns().stream()
                .map(Column::attnum)
                .toList();
    }

    private static void assertUnknown(Relation message, TablePicture before, CatalogPicture now) {
        RelationResolver.Resolution found = resolve(message, before, now);
        assertThat(found.picture()).isEmpty();
        assertThat(found.trouble()).isNotBlank();
    }

    @Test
    void nothing_is_taken_for_granted_of_a_table_that_was_never_looked_at() {
        assertThat(attnums(message("id", "a", "b"), null, catalog("id", "a", "b")))
                .containsExactly(1, 2, 3);
        assertThat(attnums(message("id", "a"), null, catalog("id", "a", "b"))).containsExactly(1, 2);
        assertUnknown(message("id", "a"), null, catalog("id", "-", "a"));
    }

    @Test
    void columns_are_found_past_those_that_had_been_dropped_before() {
        assertThat(attnums(message("id", "a", "b"), known("id", "-", "a", "-", "b"), catalog("id", "-", "a", "-", "b")))
                .containsExactly(1, 3, 5);
    }

    @Test
    void adds_drops_renames_and_swaps_alone_have_one_reading() {
        TablePicture before = known("id", "a", "b");
        assertThat(attnums(message("id", "a", "b", "c"), before, catalog("id", "a", "b", "c", "d")))
                .containsExactly(1, 2, 3, 4);
        assertThat(attnums(message("id", "b"), before, catalog("id", "-", "b"))).containsExactly(1, 3);
        assertThat(attnums(message("id", "a", "b"), before, catalog("id", "-", "b")))
                .containsExactly(1, 2, 3);
        assertThat(attnums(message("id", "x", "b"), before, catalog("id", "y!", "b")))
                .containsExactly(1, 2, 3);
        assertThat(attnums(message("id", "b", "a"), before, catalog("id", "b!", "a!")))
                .containsExactly(1, 2, 3);
        assertThat(attnums(message("id", "a:23", "b"), before, catalog("id", "a:20!", "b")))
                .containsExactly(1, 2, 3);
    }

    @Test
    void a_drop_and_an_add_may_be_mistaken_for_each_other() {
        TablePicture before = known("id", "a");
        assertUnknown(message("id", "a"), before, catalog("id", "-", "a"));
        assertUnknown(message("id", "b"), before, catalog("id", "-", "b"));
        assertUnknown(message("id", "a"), before, catalog("id", "-", "-", "a"));
    }

    @Test
    void order_and_solid_columns_settle_some_drops_with_adds() {
        TablePicture before = known("id", "a", "b");
        assertThat(attnums(message("id", "a", "b"), before, catalog("id", "-", "b", "c")))
                .containsExactly(1, 2, 3);
        assertThat(attnums(message("id", "b", "c"), before, catalog("id", "-", "b", "c")))
                .containsExactly(1, 3, 4);
        assertThat(attnums(message("id", "a", "b", "c"), before, catalog("id", "-", "b", "c")))
                .containsExactly(1, 2, 3, 4);
    }

    @Test
    void who_was_told_of_every_change_reads_by_name() {
        TablePicture before = known(catalog(List.of(1), "1:1", "id", "a"));
        assertThat(attnums(message("id", "a"), before, catalog(List.of(1), "1:1", "id", "-", "a")))
                .containsExactly(1, 2);
        assertUnknown(message("id", "a"), before, catalog(List.of(1), "1:2", "id", "-", "a"));
        assertUnknown(message("id", "b"), before, catalog(List.of(1), "1:1", "id", "-", "b"));
    }

    @Test
    void a_dropped_table_is_known_only_to_who_was_told_of_every_change() {
        TablePicture before = known(catalog(List.of(1), "1:1", "id", "-", "a"));
        assertThat(RelationResolver.resolve(
                                message("id", "a"),
                                Optional.of(before),
                                new CatalogNow.Seen(Optional.empty(), "1:1"),
                                "p",
                                NO_TYPES)
                        .picture()
                        .orElseThrow()
                        .relation())
                .isEqualTo(before.relation());
        assertThat(RelationResolver.resolve(
                                message("id", "a"),
                                Optional.of(known("id", "a")),
                                new CatalogNow.Seen(Optional.empty(), ""),
                                "p",
                                NO_TYPES)
                        .picture())
                .isEmpty();
    }

    private static List<Integer> key(Relation message, TablePicture before, CatalogPicture now) {
        return resolve(message, before, now).picture().orElseThrow().relation().keyColumns();
    }

    @Test
    void the_key_is_the_messages_in_the_order_of_the_catalogs() {
        assertThat(key(message("id1", "a", "id2"), null, catalog(List.of(3, 1), "", "id1", "a", "id2")))
                .containsExactly(2, 0);
        assertThat(key(message("id1", "a", "id2"), null, catalog(List.of(1), "", "id1", "a", "id2")))
                .containsExactly(0, 2);
        assertThat(key(
                        message("id1", "a", "id2"),
                        known(catalog(List.of(3, 1), "", "id1", "a", "id2")),
                        catalog(List.of(), "", "id1", "a", "id2")))
                .containsExactly(2, 0);
        assertThat(key(message('n', "id1", "a"), null, catalog(List.of(1), "", "id1", "a")))
                .isEmpty();
    }

    @Test
    void under_full_the_key_is_one_that_was_there_before_and_after() {
        Relation message = message('f', "id", "a");
        assertThat(key(message, null, catalog(List.of(2), "", "id", "a"))).containsExactly(1);
        assertThat(key(message, known("id", "a"), catalog("id", "a"))).containsExactly(0);
        assertThat(key(message, known("id", "a"), catalog(List.of(), "", "id", "a")))
                .isEmpty();
        assertThat(key(message, known(catalog(List.of(), "", "id", "a")), catalog("id", "a")))
                .isEmpty();
        assertUnknown(message, known("id", "a"), catalog(List.of(2), "", "id", "a"));
    }
}
