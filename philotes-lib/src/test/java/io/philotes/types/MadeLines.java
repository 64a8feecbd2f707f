// SPDX-License-Identifier: Apache-2.0
package io.philotes.types;

import io.philotes.model.PgType.Kind;
import java.util.List;
import java.util.stream.Stream;

/** Ranges, composites, domains, types of extensions and internal types. */
final class MadeLines {

    private static final String MADE = "Made of other types";
    private static final String EXTENSIONS = "Extensions";
    private static final String INTERNAL = "Internal types";
    private static final String NO_VALUES = "no SQL makes a value of it, so only NULL can be stored";

    private MadeLines() {}

    static List<TypeLine> all() {
        return Stream.of(ranges(), made(), extensions(), internal())
                .flatMap(List::stream)
                .toList();
    }

    private static TypeLine range(String sql) {
        return TypeLine.of("Ranges", sql)
                .sort(Kind.OTHER)
                .tells("empty, unbounded, inclusive and exclusive are exact", PrintedLines.NO_HOME);
    }

    private static List<TypeLine> ranges() {
        return List.of(
                range("int4range").values("'empty'", "'(,)'", "'[1,3)'", "'(1,3]'"),
                range("int8range").values("'empty'", "'[-9223372036854775808,)'"),
                range("numrange").values("'[1.0,1.00]'", "'(NaN,)'", "'[-Infinity,5)'"),
                range("daterange").values("'[2026-01-01,infinity]'", "'[4714-11-24 BC,2026-01-01)'"),
                range("tsrange").values("'[2026-01-01 00:00:00.1,infinity)'"),
                range("tstzrange").values("'[2026-01-01 00:00:00+05:45,2026-01-02 00:00:00+00)'"),
                range("int4multirange").values("'{}'", "'{[1,3),[5,9)}'"),
                range("int8multirange").values("'{(,)}'"),
                range("nummultirange").values("'{[1.0,2.0],(3,)}'"),
                range("datemultirange").values("'{[2026-01-01,2026-02-01)}'"),
                range("tsmultirange").values("'{[2026-01-01,2026-02-01)}'"),
                range("tstzmultirange").values("'{[2026-01-01 00:00:00+00,)}'"),
                range("int4range[]").values("'{\"[1,3)\",empty,NULL}'"));
    }

    private static TypeLine made(String sql, Kind kind) {
        return TypeLine.of(MADE, sql).named("public." + sql).sort(kind);
    }

    private static List<TypeLine> made() {
        String altered =
                "NULL fields, quotes and nesting are exact; when the type is altered, rows change at the source that"
                        + " nobody sends, so the table is marked DIVERGED";
        return List.of(
                made("pair", Kind.OTHER)
                        .values("ROW(NULL,NULL)", "ROW(1,'')", "ROW(2, E'a\"b\\\\c,(d)')")
                        .tells(altered, "fields can be altered at any time"),
                made("nested", Kind.OTHER)
                        .values("ROW(ROW(1,'a b'),ARRAY[1.50,NULL],'infinity')", "ROW(NULL,'{}',NULL)")
                        .tells(altered, "fields can be altered at any time"),
                made("pair[]", Kind.OTHER)
                        .values("ARRAY[ROW(1,'a'),NULL,ROW(NULL,NULL)]::pair[]", "'[0:0]={\"(1,)\"}'")
                        .tells("every shape is exact", "as its element"),
                made("pair_domain", Kind.OTHER)
                        .named("public.pair")
                        .values("ROW(1,'x')::pair")
                        .tells(altered, "a domain is its base type"),
                made("money_domain", Kind.BASE)
                        .over("numeric(12,3)")
                        .values("-1.5")
                        .tells(
                                "as its base type, with the domain's modifier",
                                "a domain over a domain is its base type"),
                made("ints_domain", Kind.BASE)
                        .over("int4[]")
                        .values("'{1,NULL}'")
                        .rejects("'{{1}}'")
                        .tells("as its base type", "a domain is its base type"),
                made("ints_domain[]", Kind.BASE)
                        .over("int4[][]")
                        .values("'{\"{1,NULL}\",\"[0:0]={7}\"}'")
                        .tells("every shape is exact", "a list of arrays that may have any shape"));
    }

    private static List<TypeLine> extensions() {
        return List.of(
                TypeLine.of(EXTENSIONS, "hstore")
                        .named("public.hstore")
                        .values("''", "'a=>NULL, \"b\"=>\"NULL\", \"c d\"=>\"\\\"\"'")
                        .tells("NULL and the text NULL stay different", "as every type of an extension"),
                TypeLine.of(EXTENSIONS, "citext")
                        .named("public.citext")
                        .values("'AbC'", "''")
                        .tells("case is kept", "as every type of an extension"),
                TypeLine.of(EXTENSIONS, "ltree")
                        .named("public.ltree")
                        .values("''", "'Top.Science.A_1'")
                        .tells("none", "as every type of an extension"),
                TypeLine.of(EXTENSIONS, "lquery")
                        .named("public.lquery")
                        .values("'*.a{1,2}.b*|c'")
                        .tells("none", "as every type of an extension"),
                TypeLine.of(EXTENSIONS, "ltxtquery")
                        .named("public.ltxtquery")
                        .values("'a & b*'")
                        .tells("none", "as every type of an extension"),
                TypeLine.of(EXTENSIONS, "cube")
                        .named("public.cube")
                        .values("'(1,2),(3,4.5)'", "'(0.1)'")
                        .tells("none", "as every type of an extension"),
                TypeLine.of(EXTENSIONS, "hstore[]")
                        .named("public.hstore[]")
                        .values("ARRAY['a=>1'::hstore, NULL]")
                        .tells("every shape is exact", "as its element"),
                TypeLine.of(EXTENSIONS, "citext[]")
                        .named("public.citext[]")
                        .values("'{A,\"b c\"}'")
                        .tells("every shape is exact", "as its element"));
    }

    private static TypeLine internal(String sql) {
        return TypeLine.of(INTERNAL, sql).tells(NO_VALUES, PrintedLines.NO_HOME);
    }

    private static List<TypeLine> internal() {
        return List.of(
                internal("gtsvector"),
                internal("pg_node_tree"),
                internal("pg_ndistinct"),
                internal("pg_dependencies"),
                internal("pg_mcv_list"),
                internal("pg_brin_bloom_summary"),
                internal("pg_brin_minmax_multi_summary"));
    }
}
