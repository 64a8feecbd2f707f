// SPDX-License-Identifier: Apache-2.0
package io.philotes.types;

import io.philotes.model.PgType.Kind;
import java.util.List;
import java.util.stream.Stream;

/** Every PostgreSQL type that has an Iceberg type of its own; {@link PrintedLines} has the others. */
final class TypeLines {

    private static final String NUMBERS = "Numbers";
    private static final String TEXTS = "Text and bytes";
    private static final String TIMES = "Dates and times";

    private static final String UNIQUE = "one value, one counterpart";
    private static final String NO_INFINITY = "Iceberg's type counts from 1970 and has no infinity";
    private static final String CALENDAR = "the Gregorian calendar at all times, as PostgreSQL's";

    private TypeLines() {}

    /** All lines, in the page's order. */
    static List<TypeLine> all() {
        return Stream.of(numbers(), texts(), times(), ArrayLines.all(), PrintedLines.all(), MadeLines.all())
                .flatMap(List::stream)
                .toList();
    }

    private static TypeLine number(String sql) {
        return TypeLine.of(NUMBERS, sql);
    }

    private static List<TypeLine> numbers() {
        return List.of(
                number("bool").values("true", "false").tells("none", UNIQUE),
                number("int2")
                        .values("-32768", "32767", "0")
                        .tells("both ends of the range are exact", "Iceberg has no 2 bytes"),
                number("int4").values("-2147483648", "2147483647").tells("both ends of the range are exact", UNIQUE),
                number("int8")
                        .values("-9223372036854775808", "9223372036854775807")
                        .tells("both ends of the range are exact", UNIQUE),
                number("oid").values("0", "4294967295").tells("4294967295 is exact", "unsigned, so it needs 8 bytes"),
                number("float4")
                        .values("'NaN'", "'Infinity'", "'-Infinity'", "'-0'", "0", "3.4028235e38", "1e-45", "0.1")
                        .values("16777216", "-1.17549435e-38")
                        .tells(
                                "NaN (always the one canonical NaN), ±Infinity, -0 and subnormal numbers are exact",
                                UNIQUE),
                number("float8")
                        .values("'NaN'", "'Infinity'", "'-Infinity'", "'-0'", "5e-324", "1.7976931348623157e308", "0.1")
                        .values("0.1::float8 + 0.2", "9007199254740993", "5.684341886080802e-14")
                        .tells(
                                "NaN (always the one canonical NaN), ±Infinity, -0 and subnormal numbers are exact",
                                UNIQUE),
                number("numeric(10,2)")
                        .values("0", "-0.01", "99999999.99", "-99999999.99", "1.50")
                        .rejects("'NaN'")
                        .tells(
                                "every digit and every zero at the end is kept",
                                "up to 38 digits Iceberg has the same decimal"),
                number("numeric(38,10)")
                        .values("1e27", "-9999999999999999999999999999.9999999999", "0.0000000001")
                        .rejects("'NaN'")
                        .tells("both ends of the range are exact", "38 digits are the most that Iceberg has"),
                number("numeric(38,38)")
                        .values("0", "-0.99999999999999999999999999999999999999")
                        .rejects("'NaN'")
                        .tells("both ends of the range are exact", "only fraction digits"),
                number("numeric(3,-2)")
                        .since(15)
                        .values("149", "-99900")
                        .rejects("'NaN'")
                        .tells(
                                "both ends of the range are exact",
                                "a negative scale rounds at the source; it gets its zeros"),
                number("numeric(3,5)")
                        .since(15)
                        .values("0.00999", "-0.00001")
                        .rejects("'NaN'")
                        .tells(
                                "both ends of the range are exact",
                                "a scale above the precision: the digits are its scale"),
                number("numeric")
                        .values(
                                "0",
                                "0.000",
                                "1.0",
                                "1.00",
                                "-1",
                                "10000",
                                "0.00001",
                                "'NaN'",
                                "'Infinity'",
                                "'-Infinity'")
                        .values(
                                "('-1' || repeat('0', 131071))::numeric",
                                "('0.' || repeat('0', 16382) || '7')::numeric")
                        .values(
                                "1e-1000",
                                "9999.99990",
                                "123456789012345678901234567890.123456789012345678901234567890")
                        .tells(
                                "131072 digits before and 16383 behind the point, NaN and ±Infinity are exact; 1.0 and 1.00"
                                        + " stay different",
                                "any decimal of Iceberg's would lose or refuse something"),
                number("numeric(50,40)")
                        .values("1.5", "-9999999999.9999999999999999999999999999999999999999", "'NaN'")
                        .tells("everything is exact, NaN too", "more than Iceberg's 38 digits"),
                number("numeric")
                        .chosen("decimal(38,9)")
                        .values(
                                "0",
                                "1.5",
                                "-0.000000001",
                                "99999999999999999999999999999.999999999",
                                "1.5000000000000")
                        .rejects("1e29", "0.0000000001", "'NaN'", "'Infinity'", "('1' || repeat('0', 131071))::numeric")
                        .tells(
                                "what does not fit exactly is rejected, never rounded; zeros at the end follow the scale",
                                "for engines that must calculate with it"),
                number("numeric(50,40)")
                        .chosen("decimal(38,10)")
                        .values("1.5", "-9999999999")
                        .rejects("0.00000000001", "'NaN'")
                        .tells("what does not fit exactly is rejected, never rounded", "the same"));
    }

    private static TypeLine text(String sql) {
        return TypeLine.of(TEXTS, sql);
    }

    private static List<TypeLine> texts() {
        String awkward = "E'Ĭstanbul ıİ \\U0001F600 \\uFFFF e\\u0301 \\\\ \" \\' {} \\t\\n\\r\\x01'";
        return List.of(
                text("text")
                        .values("''", "'NULL'", awkward, "repeat('x', 1000000)", "' '")
                        .tells("the empty text is not NULL; nothing is normalised or trimmed", UNIQUE),
                text("varchar(60)")
                        .named("varchar")
                        .values("''", "'a '", awkward)
                        .tells("blanks at the end stay", UNIQUE),
                text("char(5)")
                        .named("bpchar")
                        .values("''", "'ab'", "'12345'")
                        .tells(
                                "padded with blanks to its length, as it is stored",
                                "what PostgreSQL prints for the column"),
                text("name").values("''", "'Some Name'", "repeat('n', 63)").tells("none", UNIQUE),
                text("\"char\"")
                        .named("char")
                        .values("'x'", "''")
                        .newer(16, "(-1)::int::\"char\"", "(-128)::int::\"char\"")
                        .tells(
                                "bytes above 127 are a backslash and three octal digits, as PostgreSQL 16 and newer print"
                                        + " them; 0 is the empty text; a stream in text form from 14 or 15, of a database"
                                        + " that is not in UTF-8, brings the character of that byte instead",
                                "one byte that need not be a character"),
                text("mood")
                        .named("public.mood")
                        .sort(Kind.ENUM)
                        .values("'happy'", "'so so'", "'ünhappy, \"really\"'")
                        .tells(
                                "labels added later arrive as they are; a label *renamed* at the source changes rows there"
                                        + " that nobody sends, so the table is marked DIVERGED",
                                "Iceberg has no enumeration; an order of labels means nothing to it"),
                text("json")
                        .values(
                                "'{\"b\":1e400, \"b\":\"\\u0000\" }'",
                                "'null'",
                                "' [1 ,2]'",
                                "'123456789012345678901234567890'")
                        .tells(
                                "kept letter by letter: blanks, double keys, 1e400, 30-digit numbers",
                                "the text is the value"),
                text("jsonb")
                        .values(
                                "'{\"b\":1e3, \"a\":[1,null]}'",
                                "'null'",
                                "'1e400'",
                                "'123456789012345678901234567890.10'")
                        .values("'\"\\\\u2028 ünï\"'")
                        .tells(
                                "the text that PostgreSQL prints; numbers of any length are exact",
                                "a `variant` ends at 38 digits, so it could not hold every number"),
                text("bytea")
                        .values("''", "'\\x005c7cff'", "decode(repeat('ab', 100000), 'hex')")
                        .tells("the empty value is not NULL", UNIQUE),
                text("uuid")
                        .values("'00000000-0000-0000-0000-000000000000'", "'ffffffff-ffff-ffff-ffff-ffffffffffff'")
                        .values("'00112233-4455-6677-8899-aabbccddeeff'")
                        .tells("none", UNIQUE));
    }

    private static TypeLine time(String sql) {
        return TypeLine.of(TIMES, sql);
    }

    private static List<TypeLine> times() {
        return List.of(
                time("date")
                        .values("'4714-11-24 BC'", "'0001-12-31 BC'", "'0001-01-01'", "'1582-10-10'", "'1970-01-01'")
                        .values("'9999-12-31'", "'10000-01-01'", "'5874897-12-31'")
                        .rejects("'infinity'", "'-infinity'")
                        .tells("4714-11-24 BC to 5874897-12-31 are exact", CALENDAR + "; " + NO_INFINITY),
                time("time")
                        .values("'00:00'", "'00:00:00.000001'", "'23:59:59.999999'", "'12:30:00.5'")
                        .rejects("'24:00:00'")
                        .tells("microseconds are exact", "Iceberg's day ends before 24:00:00"),
                time("timestamp")
                        .values("'4714-11-24 00:00:00 BC'", "'0001-12-31 23:59:59.999999 BC'", "'0001-01-01 00:00'")
                        .values(
                                "'1500-02-28 12:00'",
                                "'1969-12-31 23:59:59.999999'",
                                "'1970-01-01'",
                                "'2026-03-29 02:30'")
                        .values("'9999-12-31 23:59:59.999999'", "'10000-01-01'", "'294247-01-10 04:00:54.775807'")
                        .values("'294246-12-31 23:59:59.999999'")
                        .rejects(
                                "'infinity'",
                                "'-infinity'",
                                "'294247-01-10 04:00:54.775808'",
                                "'294276-12-31 23:59:59.999999'")
                        .tells(
                                "4714-11-24 BC to 294247-01-10 04:00:54.775807 are exact, later ones are rejected",
                                CALENDAR
                                        + "; Iceberg's microseconds since 1970 end there; nanoseconds would add nothing,"
                                        + " because PostgreSQL has microseconds"),
                time("timestamptz")
                        .values(
                                "'4714-11-24 00:00:00+00 BC'",
                                "'0001-12-31 23:59:59.999999+00 BC'",
                                "'1970-01-01 05:45+05:45'")
                        .values(
                                "'2026-03-29 02:30+01'",
                                "'9999-12-31 23:59:59.999999+00'",
                                "'294247-01-10 04:00:54.775807+00'")
                        .values("'1890-01-01 00:00:00 Europe/Amsterdam'")
                        .rejects(
                                "'infinity'",
                                "'-infinity'",
                                "'294247-01-10 04:00:54.775808+00'",
                                "'294276-12-31 23:59:59.999999+00'")
                        .tells(
                                "as timestamp; the moment is kept, in UTC, as PostgreSQL keeps it",
                                "the zone that it was written with is not in PostgreSQL either"));
    }
}
