// SPDX-License-Identifier: Apache-2.0
package io.philotes.types;

import io.philotes.model.Column;
import io.philotes.model.PgType;
import io.philotes.model.PgType.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One line of the types' page, with the values that prove it. Immutable; each method gives a changed copy.
 *
 * @param section the heading that it stands under
 * @param sql the type of the column in SQL
 * @param typed the same without domains, with the modifier
 * @param name PostgreSQL's name for it, as a policy has it; schema-qualified outside {@code pg_catalog}
 * @param kind what sort of type it is
 * @param since the oldest major version that has it
 * @param values SQL expressions that arrive exactly
 * @param newer expressions that need a newer version than {@code since}
 * @param rejected SQL expressions that Iceberg cannot hold
 * @param chosen the Iceberg type chosen for the column; empty for the default
 * @param extremes what becomes of extreme values, for the page
 * @param why why it is as it is, for the page
 */
record TypeLine(
        String section,
        String sql,
        String typed,
        String name,
        Kind kind,
        int since,
        List<String> values,
        List<Newer> newer,
        List<String> rejected,
        String chosen,
        String extremes,
        String why) {

    /** A value of newer versions. */
    record Newer(int since, String value) {}

    static TypeLine of(String section, String sql) {
        int bracket = sql.indexOf('(');
        String plain = bracket < 0 ? sql : sql.substring(0, bracket) + sql.substring(sql.indexOf(')') + 1);
        return new TypeLine(
                section, sql, sql, plain.replace("\"", ""), Kind.BASE, 14, List.of(), List.of(), List.of(), "", "", "");
    }

    TypeLine named(String pgName) {
        return new TypeLine(section, sql, typed, pgName, kind, since, values, newer, rejected, chosen, extremes, why);
    }

    /** A domain over a type. */
    TypeLine over(String base) {
        return new TypeLine(
                section,
                sql,
                base,
                of(section, base).name(),
                kind,
                since,
                values,
                newer,
                rejected,
                chosen,
                extremes,
                why);
    }

    TypeLine sort(Kind sort) {
        return new TypeLine(section, sql, typed, name, sort, since, values, newer, rejected, chosen, extremes, why);
    }

    TypeLine since(int version) {
        return new TypeLine(section, sql, typed, name, kind, version, values, newer, rejected, chosen, extremes, why);
    }

    TypeLine values(String... expressions) {
        List<String> all = new ArrayList<>(values);
        all.addAll(List.of(expressions));
        return new TypeLine(section, sql, typed, name, kind, since, all, newer, rejected, chosen, extremes, why);
    }

    TypeLine newer(int version, String... expressions) {
        List<Newer> all = new ArrayList<>(newer);
        for (String expression : expressions) {
            all.add(new Newer(version, expression));
        }
        return new TypeLine(section, sql, typed, name, kind, since, values, all, rejected, chosen, extremes, why);
    }

    TypeLine rejects(String... expressions) {
        return new TypeLine(
                section, sql, typed, name, kind, since, values, newer, List.of(expressions), chosen, extremes, why);
    }

    TypeLine chosen(String icebergType) {
        return new TypeLine(
                section, sql, typed, name, kind, since, values, newer, rejected, icebergType, extremes, why);
    }

    TypeLine tells(String ofExtremes, String reason) {
        return new TypeLine(
                section, sql, typed, name, kind, since, values, newer, rejected, chosen, ofExtremes, reason);
    }

    /** The values that a version has. */
    List<String> values(int version) {
        List<String> all = new ArrayList<>(values);
        newer.stream().filter(one -> one.since() <= version).map(Newer::value).forEach(all::add);
        return all;
    }

    /** The column as the source tells it. */
    Column column(String columnName) {
        return new Column(columnName, 1, type(name), modifier(), false, Optional.empty());
    }

    private PgType type(String plain) {
        if (plain.endsWith("[]")) {
            return PgType.arrayOf(0, type(plain.substring(0, plain.length() - 2)));
        }
        return switch (kind) {
            case ENUM -> PgType.enumeration(0, plain);
            case OTHER -> PgType.other(0, plain);
            default -> PgType.base(0, plain);
        };
    }

    private int modifier() {
        int bracket = typed.indexOf('(');
        if (bracket < 0 || !name.startsWith("numeric")) {
            return -1;
        }
        String[] parts = typed.substring(bracket + 1, typed.indexOf(')')).split(",");
        return (Integer.parseInt(parts[0]) << 16 | (Integer.parseInt(parts[1]) & 0x7ff)) + 4;
    }

    /** A short name that fits into a column's or a table's. */
    @Override
    public String toString() {
        return sql + (chosen.isEmpty() ? "" : " as " + chosen);
    }
}
