// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.model.BinaryForms;
import io.philotes.model.Column;
import io.philotes.model.PgType;
import io.philotes.model.RelationSchema;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A relation version as the server sends it and as it is given on, with what happens to each column between the two.
 * Immutable.
 *
 * @param wire every published column, with its own type
 * @param given without the excluded columns, the masked ones as text; {@code wire} itself when there are no rules
 * @param rules one for each column of {@code wire}
 * @param refusal why no row of it may be given on; empty when rows may
 */
record RuledRelation(RelationSchema wire, RelationSchema given, List<ColumnRule> rules, Optional<String> refusal) {

    private static final PgType TEXT = PgType.base(25, "text");

    RuledRelation {
        rules = List.copyOf(rules);
    }

    static RuledRelation plain(RelationSchema wire) {
        List<ColumnRule> rules =
                wire.columns().stream().map(c -> ColumnRule.KEEP).toList();
        return new RuledRelation(wire, wire, rules, Optional.empty());
    }

    /**
     * The relation under rules.
     *
     * @param byAttnum the rules
     * @param masked missing values that are masked already, by attnum: what an earlier life wrote is handed back as it was
     */
    static RuledRelation of(
            RelationSchema wire,
            Map<Integer, ColumnRule> byAttnum,
            Map<Integer, String> masked,
            Optional<String> refusal) {
        List<ColumnRule> rules = wire.columns().stream()
                .map(column -> byAttnum.getOrDefault(column.attnum(), ColumnRule.KEEP))
                .toList();
        boolean plain = rules.stream().allMatch(rule -> rule == ColumnRule.KEEP) && refusal.isEmpty();
        RelationSchema given = plain ? wire : given(wire, rules, masked);
        return new RuledRelation(wire, refusal.isEmpty() ? given : withoutValues(given), rules, refusal);
    }

    private static RelationSchema given(RelationSchema wire, List<ColumnRule> rules, Map<Integer, String> masked) {
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < rules.size(); i++) {
            Column column = wire.columns().get(i);
            if (rules.get(i) != ColumnRule.EXCLUDE) {
                String missing = masked.get(column.attnum());
                columns.add(rules.get(i).isMask() ? masked(column, rules.get(i), missing) : column);
            }
        }
        List<Integer> key = wire.keyColumns().stream()
                .map(i -> wire.columns().get(i).attnum())
                .toList();
        return new RelationSchema(
                wire.oid(), wire.table(), wire.identity(), columns, RelationShapes.keyIndexes(key, columns));
    }

    /** Of a refused relation it is not known which missing value is to be masked. */
    private static RelationSchema withoutValues(RelationSchema given) {
        List<Column> columns = given.columns().stream()
                .map(c -> new Column(c.name(), c.attnum(), c.type(), c.typeModifier(), c.notNull(), Optional.empty()))
                .toList();
        return new RelationSchema(given.oid(), given.table(), given.identity(), columns, given.keyColumns());
    }

    private static Column masked(Column column, ColumnRule rule, String maskedMissing) {
        boolean notNull = column.notNull() && rule != ColumnRule.NULL;
        Optional<String> missing = column.missingValue()
                .flatMap(text -> text.equals(maskedMissing) ? Optional.of(text) : maskedText(rule, text));
        return new Column(column.name(), column.attnum(), TEXT, -1, notNull, missing);
    }

    private static Optional<String> maskedText(ColumnRule rule, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Optional.ofNullable(new Masker().masked(rule, bytes, 0, bytes.length))
                .map(masked -> new String(masked, StandardCharsets.UTF_8));
    }

    /** Whether rows are given on as they come. */
    boolean isPlain() {
        return given == wire;
    }

    /** A column that cannot be read from a stream in binary form, if there is one. */
    Optional<Column> needsText() {
        return IntStream.range(0, rules.size())
                .filter(i -> needsText(rules.get(i), wire.columns().get(i).type()))
                .mapToObj(wire.columns()::get)
                .findFirst();
    }

    private static boolean needsText(ColumnRule rule, PgType type) {
        return rule == ColumnRule.KEEP ? !BinaryForms.known(type) : rule.readsText() && !ColumnRule.isTextual(type);
    }
}
