// SPDX-License-Identifier: Apache-2.0
package io.philotes.types;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Plain types that are kept as the exact text of their output function. */
final class PrintedLines {

    private static final String PRINTED = "Kept as text";
    private static final String CATALOG = "Text that follows the catalog";

    static final String NO_HOME = "Iceberg has no such type";

    private PrintedLines() {}

    static List<TypeLine> all() {
        return Stream.of(printed(), catalog()).flatMap(List::stream).toList();
    }

    private static TypeLine printed(String sql) {
        return TypeLine.of(PRINTED, sql);
    }

    private static List<TypeLine> printed() {
        return List.of(
                printed("interval")
                        .values(
                                "'-1 mons +2 days -03:04:05.678'",
                                "'178000000 years'",
                                "'0'",
                                "'1 day -00:00:00.000001'")
                        .newer(17, "'infinity'", "'-infinity'")
                        .tells(
                                "178000000 years, mixed signs and infinity (PostgreSQL 17) are exact",
                                "months, days and microseconds are three numbers, and Iceberg has no type for them"),
                printed("timetz")
                        .values("'24:00:00-15:59'", "'00:00:00.000001+15:59:59'", "'23:59:59.999999+05:45'")
                        .tells("24:00:00 and every offset are exact", NO_HOME),
                printed("money")
                        .values(
                                "'-92233720368547758.08'::numeric::money",
                                "'92233720368547758.07'::numeric::money",
                                "'0'")
                        .tells(
                                "both ends of the range are exact; always printed as in the C locale, with two decimals: 100 yen are $1.00",
                                "its digits follow a locale"),
                printed("bit(8)")
                        .named("bit")
                        .values("B'00000000'", "B'10101010'")
                        .tells("none", "bit(1) is no boolean"),
                printed("bit(70)")
                        .named("bit")
                        .values("repeat('10', 35)::bit(70)")
                        .tells("more than 64 bits are exact", "the length is part of the value"),
                printed("varbit")
                        .values("B''", "B'0'", "repeat('1', 1000)::varbit")
                        .tells("the empty value is not NULL", NO_HOME),
                printed("inet")
                        .values("'192.168.1.5/24'", "'192.168.1.5'", "'::ffff:1.2.3.4/128'", "'fe80::1/10'")
                        .tells("bits behind the mask stay", NO_HOME),
                printed("cidr").values("'10.0.0.0/8'", "'::/0'", "'1.2.3.4/32'").tells("/32 is printed", NO_HOME),
                printed("macaddr")
                        .values("'08:00:2b:01:02:03'", "'ff:ff:ff:ff:ff:ff'")
                        .tells("none", NO_HOME),
                printed("macaddr8").values("'08:00:2b:ff:fe:01:02:03'").tells("none", NO_HOME),
                printed("xml")
                        .values("'<a b=\"1\">ü &amp; <c/></a>'", "''", "'plain text'")
                        .tells("kept as it was written", NO_HOME),
                printed("tsvector")
                        .values("''", "$$'a''b':1A,2 'c d':3 'ü'$$", "'a:16383'")
                        .tells("positions and weights are kept", NO_HOME),
                printed("tsquery").values("''", "'a & !b | (c <-> d:*A)'").tells("none", NO_HOME),
                printed("xid").values("'0'", "'4294967295'").tells("4294967295 is exact", "unsigned and cyclic"),
                printed("xid8")
                        .values("'0'", "'18446744073709551615'")
                        .tells("18446744073709551615 is exact", "unsigned: it exceeds Iceberg's long"),
                printed("cid").values("'0'", "'4294967295'").tells("4294967295 is exact", "unsigned"),
                printed("tid").values("'(0,0)'", "'(4294967295,65535)'").tells("both ends are exact", NO_HOME),
                printed("pg_lsn")
                        .values("'0/0'", "'FFFFFFFF/FFFFFFFF'")
                        .tells("FFFFFFFF/FFFFFFFF is exact", "unsigned: it exceeds Iceberg's long"),
                printed("pg_snapshot").values("'10:20:10,14,15'").tells("none", NO_HOME),
                printed("txid_snapshot").values("'10:20:10,14,15'").tells("none", NO_HOME),
                printed("point")
                        .values("'(NaN,Infinity)'", "'(-0,5e-324)'", "'(0.1,1.7976931348623157e308)'")
                        .tells("NaN, ±Infinity and -0 are exact", "Iceberg's geometry has other rules"),
                printed("line").values("'{1,-1,0.1}'").tells("none", "the same"),
                printed("lseg").values("'[(0,0),(0.1,-1e300)]'").tells("none", "the same"),
                printed("box").values("'(1,1),(0,0)'").tells("corners in PostgreSQL's order", "the same"),
                printed("path")
                        .values("'((0,0),(1,0.1))'", "'[(0,0),(1,1)]'")
                        .tells("open and closed stay different", "the same"),
                printed("polygon").values("'((0,0),(1,0),(0,1))'").tells("none", "the same"),
                printed("circle").values("'<(0,0),Infinity>'", "'<(0.1,0),0>'").tells("none", "the same"),
                printed("jsonpath")
                        .values("'$.a[*] ? (@ > 1)'", "'strict $.\"ü\"'")
                        .tells("as PostgreSQL prints it", NO_HOME),
                printed("refcursor").values("''", "'some cursor'").tells("none", NO_HOME),
                printed("int2vector").values("'1 -2 3'", "''").tells("none", "no array: its text has blanks between"),
                printed("oidvector")
                        .values("'1 4294967295'", "''")
                        .tells("none", "no array: its text has blanks between"),
                printed("box[]")
                        .values("'{(1,1),(0,0);(2,2),(1,1)}'")
                        .tells("the separator is a semicolon", "as its element"),
                printed("interval[]")
                        .values("'{}'", "'{{1 day,NULL},{-1 mons,02:00:00}}'", "'[0:1]={1 day,2 days}'")
                        .tells("every shape is exact", "its element is kept as text, so the whole is"),
                printed("timetz[]").values("'{24:00:00-15:59,NULL}'").tells("every shape is exact", "as its element"),
                printed("money[]").values("ARRAY[1.5::money, NULL]").tells("every shape is exact", "as its element"),
                printed("inet[]").values("'{192.168.1.5/24,::1}'").tells("every shape is exact", "as its element"),
                printed("xid8[]").values("'{18446744073709551615}'").tells("every shape is exact", "as its element"),
                printed("varbit[]").values("'{101,\"\"}'").tells("every shape is exact", "as its element"),
                printed("point[]").values("'{\"(1,2)\",\"(NaN,0)\"}'").tells("every shape is exact", "as its element"),
                printed("tsvector[]")
                        .values("ARRAY['a:1'::tsvector, '']")
                        .tells("every shape is exact", "as its element"),
                printed("xml[]").values("ARRAY['<a/>'::xml, NULL]").tells("every shape is exact", "as its element"));
    }

    private static List<TypeLine> catalog() {
        String follows =
                "renaming the object changes what PostgreSQL prints, and no row is sent: rows keep the old text";
        String why = "the text is all that means something elsewhere; such a column cannot be a key";
        List<TypeLine> lines = new ArrayList<>();
        String[][] types = {
            {"regclass", "'pg_class'", "'public.t_outside'", "4294967295::oid"},
            {"regcollation", "'\"C\"'"},
            {"regconfig", "'simple'"},
            {"regdictionary", "'simple'"},
            {"regnamespace", "'pg_catalog'"},
            {"regoper", "'||/'", "0"},
            {"regoperator", "'+(integer,integer)'"},
            {"regproc", "'now'", "0"},
            {"regprocedure", "'abs(numeric)'"},
            {"regrole", "'postgres'"},
            {"regtype", "'timestamptz'", "'public.mood'"},
        };
        for (String[] type : types) {
            TypeLine line = TypeLine.of(CATALOG, type[0]).tells(follows, why);
            for (int i = 1; i < type.length; i++) {
                line = line.values(type[i]);
            }
            lines.add(line);
        }
        lines.add(TypeLine.of(CATALOG, "aclitem")
                .values("'postgres=r*w/postgres'", "'=r/postgres'")
                .tells(
                        "renaming a role changes what PostgreSQL prints, and no row is sent: rows keep the old text",
                        why));
        return lines;
    }
}
