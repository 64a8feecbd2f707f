// SPDX-License-Identifier: Apache-2.0
package io.philotes.types;

import io.philotes.model.PgType.Kind;
import java.util.List;

/** Arrays whose elements have an Iceberg type of their own. */
final class ArrayLines {

    private static final String ARRAYS = "Arrays";

    private ArrayLines() {}

    private static TypeLine array(String sql) {
        return TypeLine.of(ARRAYS, sql);
    }

    static List<TypeLine> all() {
        String[] shapes = {"'{{1,2},{3,NULL}}'", "'[0:2]={1,2,3}'", "'[1:1][2:2]={{1}}'"};
        return List.of(
                array("int4[]")
                        .values("'{}'", "'{NULL}'", "'{1,NULL,-2147483648}'", "'[1:2]={5,6}'")
                        .rejects(shapes)
                        .tells(
                                "the empty array and NULL elements are exact",
                                "an Iceberg list begins at 1 and has one dimension"),
                array("bool[]").values("'{t,f,NULL}'").rejects("'{{t}}'").tells("as its element", "as its element"),
                array("int2[]")
                        .values("'{-32768,NULL}'")
                        .rejects("'[0:0]={1}'")
                        .tells("as its element", "as its element"),
                array("int8[]")
                        .values("'{9223372036854775807}'")
                        .rejects("'{{1}}'")
                        .tells("as its element", "as its element"),
                array("oid[]").values("'{4294967295,0}'").rejects("'{{1}}'").tells("as its element", "as its element"),
                array("float4[]")
                        .values("'{NaN,-0,Infinity,3.4028235e38,1e-45,0.1,1e6,123456.7}'")
                        .rejects("'{{1}}'")
                        .tells("as its element", "as its element"),
                array("float8[]")
                        .values("'{NaN,-0,-Infinity,5e-324,1e15,1e14,1e-4,1e-5,1e23,5.684341886080802e-14,0.3}'")
                        .rejects("'{{1}}'")
                        .tells("as its element", "as its element"),
                array("numeric[]")
                        .values("'{NaN,Infinity,1.0,1.00,0,-0.00010}'")
                        .rejects("'{{1}}'")
                        .tells("as its element", "as its element"),
                array("numeric(10,2)[]")
                        .values("'{1.5,-0.01,NULL}'")
                        .rejects("'{NaN}'", "'{{1}}'")
                        .tells("as its element", "as its element"),
                array("text[]")
                        .values(
                                "'{}'",
                                "ARRAY['a,b', 'c\"d', E'e\\\\f', '{', '}', '', ' ', 'NULL', 'null', NULL, E'\\t', E'\\u00a0']")
                        .values("ARRAY['ünï', E'\\x0b', E'\\x0c\\r\\n', 'nUlL', 'NULLS']")
                        .rejects("'{{a}}'", "'[2:2]={a}'")
                        .tells("the text NULL and a NULL element stay different", "as its element"),
                array("varchar[]").values("'{a,\"b \"}'").rejects("'{{a}}'").tells("as its element", "as its element"),
                array("char(3)[]")
                        .named("bpchar[]")
                        .values("'{a,\"\"}'")
                        .rejects("'{{a}}'")
                        .tells("as its element", "as its element"),
                array("name[]").values("'{a,\"b c\"}'").rejects("'{{a}}'").tells("as its element", "as its element"),
                array("\"char\"[]")
                        .named("char[]")
                        .values("ARRAY['x','','\"']::\"char\"[]")
                        .newer(16, "ARRAY[(-1)::int::\"char\"]")
                        .rejects("'{{x}}'")
                        .tells("as its element", "as its element"),
                array("mood[]")
                        .named("public.mood[]")
                        .sort(Kind.ENUM)
                        .values("'{happy,\"so so\",NULL}'")
                        .rejects("'{{happy}}'")
                        .tells("as its element", "as its element"),
                array("json[]")
                        .values("ARRAY['{\"a\": \"\\\"\"}'::json, NULL, 'null']")
                        .rejects("'{{1}}'")
                        .tells("as its element", "as its element"),
                array("jsonb[]")
                        .values("ARRAY['{\"a\":1e2}'::jsonb, NULL, 'null']")
                        .rejects("'{{1}}'")
                        .tells("as its element", "as its element"),
                array("bytea[]")
                        .values("'{\"\\\\x00ff\",\"\\\\x\",NULL}'")
                        .rejects("'{{\"\\\\x\"}}'")
                        .tells("as its element", "as its element"),
                array("uuid[]")
                        .values("'{00112233-4455-6677-8899-aabbccddeeff,NULL}'")
                        .rejects("'{{00112233-4455-6677-8899-aabbccddeeff}}'")
                        .tells("as its element", "as its element"),
                array("date[]")
                        .values("'{4714-11-24 BC,5874897-12-31,NULL}'")
                        .rejects("'{infinity}'", "'{{2026-01-01}}'")
                        .tells("as its element", "as its element"),
                array("time[]")
                        .values("'{00:00,23:59:59.999999}'")
                        .rejects("'{24:00}'", "'{{00:00}}'")
                        .tells("as its element", "as its element"),
                array("timestamp[]")
                        .values("'{\"4714-11-24 00:00:00 BC\",\"2026-01-01 00:00:00.1\",NULL}'")
                        .rejects("'{-infinity}'", "'{{2026-01-01}}'")
                        .tells("as its element", "as its element"),
                array("timestamptz[]")
                        .values("'{\"4714-11-24 00:00:00+00 BC\",\"2026-01-01 00:00:00.1+05:45\",NULL}'")
                        .rejects("'{infinity}'", "'{{2026-01-01}}'")
                        .tells("as its element", "as its element"));
    }
}
