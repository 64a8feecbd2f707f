// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.Column;
import io.philotes.model.PgType;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.model.TableFacts;
import io.philotes.model.TableId;
import io.philotes.model.TablePicture;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Columns are named in the order of their attribute numbers; the first is the key, and one named {@code -} is not there. */
class ColumnRulesTest {

    private static final PgType INT = PgType.base(23, "int4");
    private static final TableId PEOPLE = TableId.parse("people");
    private static final TableRules RULES =
            TableRules.none().exclude("secret").mask("mail", Mask.SHA256).where("a < 'x%y\n'");

    private static RelationSchema relation(TableId table, String... names) {
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < names.length; i++) {
            if (!names[i].equals("-")) {
                columns.add(new Column(names[i], i + 1, INT, -1, true, Optional.of("7")));
            }
        }
        return new RelationSchema(9, table, ReplicaIdentity.DEFAULT, columns, List.of(0));
    }

    private static RelationSchema relation(String... names) {
        return relation(PEOPLE, names);
    }

    private static ColumnRules rules() {
        return rules(RULES);
    }

    private static ColumnRules rules(TableRules rules) {
        return new ColumnRules(Map.of(PEOPLE, rules));
    }

    private static RuledRelation apply(ColumnRules rules, RelationSchema relation) {
        return rules.apply(relation, Optional.empty());
    }

    private static List<String> given(RuledRelation relation) {
        return relation.given().columns().stream()
                .map(c -> c.attnum()
                        + c.name()
                        + (c.type().equals(INT) ? "" : ":" + c.type().name()))
                .toList();
    }

    @Test
    void excluded_columns_are_gone_and_masked_ones_are_text() {
        RuledRelation relation = apply(rules(), relation("id", "secret", "mail", "more"));
        assertThat(relation.refusal()).isEmpty();
        assertThat(given(relation)).containsExactly("1id", "3mail:text", "4more");
        assertThat(relation.given().keyColumns()).containsExactly(0);
        assertThat(relation.given().columns().get(1).missingValue())
                .contains("7902699be42c8a8e46fbbb4501726517e86b22c56a189f7625a6da49081b2451");
        assertThat(relation.wire().columns()).hasSize(4);
    }

    @Test
    void a_table_without_rules_is_given_on_as_it_is() {
        RuledRelation relation = apply(rules(), relation(TableId.parse("other"), "id", "secret"));
        assertThat(relation.isPlain()).isTrue();
        assertThat(relation.given()).isSameAs(relation.wire());
        assertThat(rules().text(9, Optional.empty())).isEmpty();
    }

    @Test
    void a_mask_with_null_makes_a_column_nullable_with_nothing_in_older_rows() {
        Column column = apply(rules(TableRules.none().mask("mail", Mask.NULL)), relation("id", "mail"))
                .given()
                .columns()
                .get(1);
        assertThat(column.notNull()).isFalse();
        assertThat(column.missingValue()).isEmpty();
    }

    @Test
    void a_rule_follows_its_column_and_its_table_when_they_are_renamed() {
        ColumnRules rules = rules();
        apply(rules, relation("id", "secret", "mail"));
        RuledRelation later = apply(rules, relation(TableId.parse("clients"), "id", "hidden", "post"));
        assertThat(later.refusal()).isEmpty();
        assertThat(given(later)).containsExactly("1id", "3post:text");
    }

    @Test
    void swapped_names_give_both_columns_the_rule() {
        ColumnRules rules = rules();
        apply(rules, relation("id", "secret", "mail", "more"));
        RuledRelation later = apply(rules, relation("id", "more", "mail", "secret"));
        assertThat(given(later)).containsExactly("1id", "3mail:text");
    }

    @Test
    void a_column_that_has_its_rule_from_another_name_is_told_also_when_that_name_is_there() {
        ColumnRules rules = rules();
        assertThat(rules.renamed(table("id", "secret", "mail"))).isEmpty();
        apply(rules, relation("id", "secret", "mail"));
        assertThat(rules.renamed(table("id", "secret", "mail"))).isEmpty();
        assertThat(rules.renamed(table("id", "hidden", "post", "secret", "mail")))
                .containsExactly(Map.entry("hidden", "secret"), Map.entry("post", "mail"));
        assertThat(rules.renamed(table("id", "-", "post", "secret", "mail")))
                .as("what was dropped needs no rule")
                .containsExactly(Map.entry("post", "mail"));
        assertThat(rules.renamed(table("id", "mail", "secret")))
                .as("both have rules")
                .isEmpty();
    }

    private static CatalogTable table(String... names) {
        List<CatalogColumn> columns = new ArrayList<>();
        for (int i = 0; i < names.length; i++) {
            boolean dropped = names[i].equals("-");
            columns.add(new CatalogColumn(i + 1, names[i], dropped, 23, -1, false, Optional.empty(), false));
        }
        return new CatalogTable(9, PEOPLE, false, false, ReplicaIdentity.DEFAULT, columns, List.of(1), List.of());
    }

    @Test
    void a_column_that_nobody_ever_saw_refuses_the_table_until_it_is_seen() {
        ColumnRules rules = rules();
        RuledRelation refused = apply(rules, relation("id", "hidden", "mail"));
        assertThat(refused.given().columns()).allMatch(c -> c.missingValue().isEmpty());
        assertThat(refused.isPlain()).isFalse();
        assertThat(refused.refusal())
                .hasValueSatisfying(why -> assertThat(why).contains("\"secret\"", "public.people"));
        assertThat(apply(rules, relation("id", "secret", "mail")).refusal()).isEmpty();
    }

    @Test
    void what_an_earlier_life_knew_counts() {
        ColumnRules before = rules();
        apply(before, relation("id", "secret", "mail"));
        String text = before.text(9, Optional.of("(a < 'x%y\n')"));
        assertThat(text.split("\n"))
                .containsExactly(
                        "of public people",
                        "exclude 2 public people secret",
                        "sha256 3 public people mail",
                        "where (a < 'x%y\\n')");
        RelationSchema renamed = relation(TableId.parse("clients"), "id", "hidden", "post");
        ColumnRules after = rules();
        after.remember(new TablePicture(renamed, new TableFacts(text, true, "", 3, Map.of(), Map.of(), Map.of())));
        assertThat(given(apply(after, renamed))).containsExactly("1id", "3post:text");
        assertThat(after.text(9, Optional.of("(a < 'x%y\n')"))).isEqualTo(text);
        assertThat(given(apply(rules(), renamed))).isNotEqualTo(given(apply(after, renamed)));
    }

    @Test
    void what_was_found_since_the_content_was_made_counts_too() {
        ColumnRules before = rules();
        apply(before, relation("id", "secret", "mail"));
        String made = before.text(9, Optional.empty());
        apply(before, relation("id", "-", "-", "secret", "mail"));
        TableFacts found = facts(before.text(9, Optional.empty()));
        RelationSchema renamed = relation("id", "-", "-", "hidden", "post");
        ColumnRules after = rules();
        after.remember(new TablePicture(renamed, found.ofContentBy(made)));
        assertThat(given(apply(after, renamed))).containsExactly("1id", "5post:text");
    }

    @Test
    void a_row_that_came_before_the_picture_tells_where_the_name_was_found() {
        ColumnRules before = rules();
        apply(before, relation("id", "secret", "mail"));
        RelationSchema row =
                apply(before, relation("id", "secret", "-", "mail")).given();
        ColumnRules made = rules();
        apply(made, relation("id", "secret", "mail"));
        ColumnRules after = rules();
        after.remember(new TablePicture(row, facts(made.text(9, Optional.empty()))));
        assertThat(given(apply(after, relation("id", "secret", "-", "post")))).containsExactly("1id", "4post:text");
    }

    private static TableFacts facts(String rules) {
        return TableFacts.NONE.withRules(rules);
    }

    @Test
    void a_missing_value_that_an_earlier_life_masked_is_not_masked_again() {
        ColumnRules before = rules();
        RelationSchema given = apply(before, relation("id", "secret", "mail")).given();
        ColumnRules after = rules();
        after.remember(new TablePicture(
                given, new TableFacts(before.text(9, Optional.empty()), true, "", 3, Map.of(), Map.of(), Map.of())));
        assertThat(apply(after, given).given().columns()).isEqualTo(given.columns());
        assertThat(apply(after, relation("id", "secret", "mail")).given()).isEqualTo(given);
    }

    @Test
    void a_rule_that_was_taken_out_of_the_configuration_ends() {
        ColumnRules before = rules();
        apply(before, relation("id", "secret", "mail"));
        ColumnRules after = rules(TableRules.none().exclude("secret"));
        RelationSchema relation = relation("id", "secret", "mail");
        after.remember(new TablePicture(
                relation, new TableFacts(before.text(9, Optional.empty()), true, "", 3, Map.of(), Map.of(), Map.of())));
        assertThat(given(apply(after, relation))).containsExactly("1id", "3mail");
    }

    @Test
    void a_key_can_be_hashed_and_nothing_else() {
        assertThat(apply(rules(TableRules.none().mask("id", Mask.SHA256)), relation("id"))
                        .refusal())
                .isEmpty();
        for (TableRules wrong : List.of(
                TableRules.none().exclude("id"),
                TableRules.none().mask("id", Mask.NULL),
                TableRules.none().mask("id", Mask.PARTIAL))) {
            assertThat(apply(rules(wrong), relation("id")).refusal())
                    .hasValueSatisfying(why -> assertThat(why).contains("\"id\"", "key"));
        }
    }

    @Test
    void binary_will_do_for_masks_of_text_and_for_what_is_dropped() {
        PgType text = PgType.base(25, "text");
        PgType mood = PgType.enumeration(900, "public.mood");
        PgType point = PgType.base(600, "point");
        assertThat(needsText(INT, Mask.SHA256)).isTrue();
        assertThat(needsText(PgType.base(3802, "jsonb"), Mask.PARTIAL)).isTrue();
        assertThat(needsText(PgType.arrayOf(1009, text), Mask.SHA256)).isTrue();
        assertThat(needsText(point, Mask.NULL)).isFalse();
        assertThat(needsText(text, Mask.SHA256)).isFalse();
        assertThat(needsText(mood, Mask.PARTIAL)).isFalse();
    }

    private static boolean needsText(PgType type, Mask mask) {
        RelationSchema relation =
                new RelationSchema(9, PEOPLE, ReplicaIdentity.DEFAULT, List.of(Column.of("mail", 1, type)), List.of());
        return apply(rules(TableRules.none().mask("mail", mask)), relation)
                .needsText()
                .isPresent();
    }
}
