// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Column;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.model.TableId;
import io.philotes.source.postgres.internal.pgoutput.Relation;
import io.philotes.source.postgres.internal.pgoutput.RelationColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Columns are written {@code name} or {@code name:type}; a dropped one is {@code -}. */
class RelationResolverTest {

    private static final TypeCatalog NO_TYPES = new TypeCatalog();

    private static Relation message(char identity, String... columns) {
        List<RelationColumn> all = new ArrayList<>();
        for (String column : columns) {
            all.add(new RelationColumn(column.startsWith("id"), name(column), type(column), -1));
        }
        return new Relation(7, "public", "t", identity, all);
    }

    private static String name(String column) {
        return column.split(":")[0];
    }

    private static int type(String column) {
        return column.contains(":") ? Integer.parseInt(column.split(":")[1]) : 25;
    }

    private static Optional<CatalogTable> catalog(List<Integer> key, String... columns) {
        List<CatalogColumn> all = new ArrayList<>();
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
        }
        return Optional.of(
                new CatalogTable(7, TableId.parse("t"), false, false, ReplicaIdentity.DEFAULT, all, key, List.of()));
    }

    private static Optional<CatalogTable> catalog(String... columns) {
        return catalog(List.of(1), columns);
    }

    private static RelationSchema resolve(Relation message, Optional<CatalogTable> catalog) {
        return RelationResolver.resolve(message, catalog, Optional.empty(), NO_TYPES);
    }

    private static List<Integer> attnums(RelationSchema relation) {
        return relation.columns().stream().map(Column::attnum).toList();
    }

    private static void assertAmbiguous(
            Relation message, Optional<CatalogTable> catalog, Optional<RelationSchema> previous) {
        assertThatThrownBy(() -> RelationResolver.resolve(message, catalog, previous, NO_TYPES))
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SCHEMA_CHANGE));
    }

    @Test
    void columns_are_found_by_name_and_type_past_dropped_ones() {
        assertThat(attnums(resolve(message('d', "id", "a", "b"), catalog("id", "-", "a", "-", "b"))))
                .containsExactly(1, 3, 5);
    }

    @Test
    void the_one_number_left_between_its_neighbours_is_the_answer() {
        assertThat(attnums(resolve(message('d', "id", "a", "b"), catalog("id", "renamed", "b"))))
                .containsExactly(1, 2, 3);
        assertThat(attnums(resolve(message('d', "id", "a", "b"), catalog("id", "-", "b"))))
                .containsExactly(1, 2, 3);
        assertThat(attnums(resolve(message('d', "id", "a", "b"), catalog("id", "a:23", "b"))))
                .containsExactly(1, 2, 3);
    }

    @Test
    void several_numbers_left_are_no_answer_unless_an_earlier_version_knows() {
        Relation message = message('d', "id", "a", "b");
        assertAmbiguous(message, catalog("id", "-", "-", "b"), Optional.empty());
        Optional<RelationSchema> earlier = Optional.of(resolve(message, catalog("id", "-", "a", "b")));
        RelationSchema now = RelationResolver.resolve(message, catalog("id", "-", "-", "b"), earlier, NO_TYPES);
        assertThat(attnums(now)).containsExactly(1, 3, 4);
    }

    @Test
    void a_name_that_moved_to_another_number_is_no_answer() {
        Relation message = message('d', "id", "a");
        Optional<RelationSchema> earlier = Optional.of(resolve(message, catalog("id", "a")));
        assertAmbiguous(message, catalog("id", "-", "a"), earlier);
    }

    @Test
    void the_order_of_columns_tells_an_old_column_from_a_new_one_of_its_name() {
        Optional<RelationSchema> earlier = Optional.of(resolve(message('d', "id", "a", "b"), catalog("id", "a", "b")));
        Optional<CatalogTable> now = catalog("id", "-", "b", "a");
        assertThat(attnums(RelationResolver.resolve(message('d', "id", "a", "b"), now, earlier, NO_TYPES)))
                .containsExactly(1, 2, 3);
        assertThat(attnums(RelationResolver.resolve(message('d', "id", "b", "a"), now, earlier, NO_TYPES)))
                .containsExactly(1, 3, 4);
    }

    @Test
    void a_dropped_table_is_known_only_by_an_earlier_version() {
        Relation message = message('d', "id", "a");
        assertAmbiguous(message, Optional.empty(), Optional.empty());
        Optional<RelationSchema> earlier = Optional.of(resolve(message, catalog("id", "-", "a")));
        assertThat(attnums(RelationResolver.resolve(message, Optional.empty(), earlier, NO_TYPES)))
                .containsExactly(1, 3);
    }

    @Test
    void the_key_is_the_messages_in_the_order_of_the_catalogs() {
        assertThat(resolve(message('d', "id1", "a", "id2"), catalog(List.of(3, 1), "id1", "a", "id2"))
                        .keyColumns())
                .containsExactly(2, 0);
        assertThat(resolve(message('d', "id1", "a", "id2"), catalog(List.of(1), "id1", "a", "id2"))
                        .keyColumns())
                .containsExactly(0, 2);
        assertThat(resolve(message('f', "id1", "a", "id2"), catalog(List.of(2), "id1", "a", "id2"))
                        .keyColumns())
                .containsExactly(1);
        assertThat(resolve(message('n', "id1", "a"), catalog(List.of(1), "id1", "a"))
                        .keyColumns())
                .isEmpty();
    }
}
