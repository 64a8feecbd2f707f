// SPDX-License-Identifier: Apache-2.0
package io.philotes.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.TableFacts.DefinedType;
import io.philotes.model.TableFacts.Leaf;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class UntoldChangesTest {

    private static final RelationSchema TABLE = new RelationSchema(
            7,
            new TableId("public", "t"),
            ReplicaIdentity.DEFAULT,
            List.of(Column.of("id", 1, PgType.base(20, "int8")), Column.of("amount", 2, PgType.base(23, "int4"))),
            List.of(0));

    private static final Set<Long> NEVER = Set.of();

    private static TableFacts plain(String file, Map<Integer, Long> columns) {
        return new TableFacts("", true, file, 3, columns, Map.of(), Map.of());
    }

    private static TableFacts tree(Map<Long, Leaf> leaves) {
        return new TableFacts("", true, "0", 2, Map.of(1, 5L, 2, 5L), leaves, Map.of());
    }

    private static TableFacts typed(DefinedType type) {
        return new TableFacts("", true, "0", 2, Map.of(), Map.of(), Map.of(99L, type));
    }

    private static UntoldChanges between(TableFacts before, TableFacts now, Set<Long> truncatedBy) {
        return UntoldChanges.between(before, new TablePicture(TABLE, now), truncatedBy);
    }

    private static void nothing(TableFacts before, TableFacts now) {
        assertThat(between(before, now, NEVER)).isEqualTo(new UntoldChanges(List.of(), List.of()));
    }

    private static void rewritten(TableFacts before, TableFacts now, String reason) {
        assertThat(between(before, now, NEVER)).isEqualTo(new UntoldChanges(List.of(), List.of(reason)));
    }

    private static void lost(TableFacts before, TableFacts now, String reason) {
        assertThat(between(before, now, NEVER)).isEqualTo(new UntoldChanges(List.of(reason), List.of()));
    }

    @Test
    void of_what_was_not_known_nothing_is_told() {
        TableFacts now =
                new TableFacts("r", false, "1", 9, Map.of(1, 1L), Map.of(5L, leaf("p", 5, 1, false)), Map.of());
        nothing(TableFacts.NONE, now);
        nothing(now, TableFacts.NONE);
        nothing(now, now);
    }

    @Test
    void a_new_file_alone_is_truncate_or_vacuum_full() {
        nothing(plain("100", Map.of(1, 5L, 2, 5L)), plain("101", Map.of(1, 5L, 2, 5L)));
    }

    @Test
    void altered_columns_alone_leave_rows_as_they_are() {
        nothing(plain("100", Map.of(1, 5L, 2, 5L)), plain("100", Map.of(1, 5L, 2, 6L, 3, 6L)));
    }

    @Test
    void both_together_are_a_rewrite() {
        String reason = "rows were rewritten when columns were altered, so that older ones may hold other values: ";
        TableFacts before = plain("100", Map.of(1, 5L, 2, 5L));
        rewritten(before, plain("101", Map.of(1, 5L, 2, 6L)), reason + "amount");
        rewritten(before, plain("101", Map.of(1, 6L, 2, 6L, 4, 6L)), reason + "id, amount");
    }

    @Test
    void a_column_that_filled_older_rows_is_a_rewrite() {
        String reason = "rows were rewritten when columns were added, so that older ones may hold values there: ";
        rewritten(plain("100", Map.of(1, 5L)), plain("101", Map.of(1, 5L, 2, 6L)), reason + "amount");
        rewritten(
                plain("100", Map.of(1, 5L, 2, 5L)),
                plain("101", Map.of(1, 5L, 2, 5L, 3, 6L)),
                reason + "column number 3, which is not mirrored");
    }

    @Test
    void a_dropped_column_and_vacuum_full_rewrite_nothing_that_is_seen() {
        nothing(plain("100", Map.of(1, 5L, 2, 5L, 3, 5L)), plain("101", Map.of(1, 5L, 2, 5L)));
    }

    @Test
    void unlogged_changes_are_lost() {
        TableFacts logged = plain("100", Map.of(1, 5L));
        TableFacts unlogged = new TableFacts("", false, "101", 3, Map.of(1, 5L), Map.of(), Map.of());
        lost(
                logged,
                unlogged,
                "the table or one of its partitions is unlogged now: what is written to it is not in the stream");
        lost(
                unlogged,
                plain("102", Map.of(1, 5L)),
                "the table or one of its partitions was unlogged: what was written then is not in the stream");
        nothing(unlogged, unlogged);
    }

    private static Leaf leaf(String name, long file, long xid, boolean born) {
        return new Leaf(name, Long.toString(file), xid, born, "1");
    }

    @Test
    void a_partition_that_was_made_as_one_told_all_its_rows() {
        nothing(tree(Map.of()), tree(Map.of(10L, leaf("s.p1", 10, 700, true))));
    }

    @Test
    void a_partition_that_was_attached_did_not() {
        lost(
                tree(Map.of(10L, leaf("s.p1", 10, 700, true))),
                tree(Map.of(10L, leaf("s.p1", 10, 700, true), 11L, leaf("s.p2", 11, 701, false))),
                "partitions were attached with their rows, which the stream does not tell: s.p2");
    }

    @Test
    void a_partition_of_which_only_rows_were_seen_is_like_one_that_was_not_known_unless_it_went() {
        TableFacts before = tree(Map.of()).withSeenLeaf(11, "s.p2");
        assertThat(before).isNotEqualTo(tree(Map.of()));
        assertThat(TableFacts.parse(before.text())).isEqualTo(before);
        nothing(before, tree(Map.of(11L, leaf("s.p2", 11, 701, true))));
        lost(
                before,
                tree(Map.of(11L, leaf("s.p2", 11, 701, false))),
                "partitions were attached with their rows, which the stream does not tell: s.p2");
        lost(
                before,
                tree(Map.of(11L, leaf("s.p2", 55, 701, true))),
                "partitions were emptied or rewritten (TRUNCATE, VACUUM FULL, CLUSTER or ALTER TABLE),"
                        + " which the stream does not tell: s.p2");
        lost(
                before,
                tree(Map.of()),
                "partitions were detached or dropped, their rows are still here, which the stream does not tell: s.p2");
    }

    @Test
    void what_is_known_of_a_partition_is_more_than_that_rows_were_seen() {
        TableFacts known = tree(Map.of(10L, leaf("s.p1", 10, 700, true)));
        assertThat(known.withSeenLeaf(10, "s.p1")).isEqualTo(known);
        assertThat(TableFacts.NONE.withSeenLeaf(10, "s.p1")).isEqualTo(TableFacts.NONE);
    }

    @Test
    void a_partition_that_was_detached_or_dropped_left_its_rows() {
        lost(
                tree(Map.of(10L, leaf("s.p1", 10, 700, true))),
                tree(Map.of()),
                "partitions were detached or dropped, their rows are still here, which the stream does not tell: s.p1");
    }

    @Test
    void a_partition_with_a_new_file_was_emptied_or_rewritten_unless_the_whole_table_was_truncated() {
        String reason = "partitions were emptied or rewritten (TRUNCATE, VACUUM FULL, CLUSTER or ALTER TABLE),"
                + " which the stream does not tell: s.p1";
        TableFacts before = tree(Map.of(10L, leaf("s.p1", 10, 700, true)));
        TableFacts now = tree(Map.of(10L, leaf("s.p1", 55, 705, true)));
        lost(before, now, reason);
        assertThat(between(before, now, Set.of(704L)).lost()).containsExactly(reason);
        assertThat(between(before, now, Set.of(704L, 705L)).lost()).isEmpty();
        nothing(before, tree(Map.of(10L, leaf("s.p1", 10, 709, true))));
        lost(tree(Map.of()), now, reason);
    }

    @Test
    void a_partition_that_was_away_for_a_while_told_nothing_of_it() {
        lost(
                tree(Map.of(10L, new Leaf("s.p1", "10", 700, false, "700"))),
                tree(Map.of(10L, new Leaf("s.p1", "10", 705, false, "705"))),
                "partitions were detached and attached again, which the stream does not tell: s.p1");
    }

    @Test
    void of_many_partitions_some_are_named() {
        Map<Long, Leaf> many = LongStream.range(10, 18)
                .boxed()
                .collect(Collectors.toMap(oid -> oid, oid -> leaf("p" + oid, oid, 1, true)));
        lost(
                tree(many),
                tree(Map.of()),
                "partitions were detached or dropped, their rows are still here, which the stream does not tell: "
                        + "p10, p11, p12, p13, p14 and 3 more");
    }

    @Test
    void labels_may_be_added_to_an_enum_but_not_renamed() {
        TableFacts before = typed(new DefinedType("s.mood", true, Map.of(1L, "sad", 2L, "ok")));
        nothing(before, typed(new DefinedType("s.mood", true, Map.of(1L, "sad", 2L, "ok", 3L, "fine"))));
        rewritten(
                before,
                typed(new DefinedType("s.mood", true, Map.of(1L, "sad", 2L, "good"))),
                "labels of enum s.mood were renamed: older rows keep the old text");
    }

    @Test
    void attributes_of_a_composite_may_not_change_at_all() {
        TableFacts before = typed(new DefinedType("s.pair", false, Map.of(1L, "23", 2L, "25")));
        rewritten(
                before,
                typed(new DefinedType("s.pair", false, Map.of(1L, "23", 2L, "25", 3L, "25"))),
                "attributes of type s.pair changed: older rows keep the old text");
        nothing(before, typed(new DefinedType("s.couple", false, Map.of(1L, "23", 2L, "25"))));
    }
}
