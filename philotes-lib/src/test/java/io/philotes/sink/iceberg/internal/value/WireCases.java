// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/** Values of every type, with what PostgreSQL's manual says they mean. Needs the enumeration {@code mood}. */
final class WireCases {

    private final List<WireCase> cases = new ArrayList<>();

    private WireCases() {}

    static List<WireCase> all() {
        WireCases all = new WireCases();
        all.integers();
        all.floats();
        all.decimals();
        all.numericTexts();
        all.texts();
        all.bytes();
        all.dates();
        all.timestamps();
        all.arrays();
        all.exactTexts();
        return all.cases;
    }

    private void is(String type, String value, Object expected) {
        cases.add(WireCase.of(type, value, expected));
    }

    private void refused(String type, String value) {
        cases.add(WireCase.outOfRange(type, value));
    }

    private void integers() {
        is("bool", "true", true);
        is("bool", "false", false);
        is("bool", "NULL", null);
        is("int2", "-32768", -32768);
        is("int2", "32767", 32767);
        is("int4", "-2147483648", Integer.MIN_VALUE);
        is("int4", "2147483647", Integer.MAX_VALUE);
        is("int4", "0", 0);
        is("int8", "-9223372036854775808", Long.MIN_VALUE);
        is("int8", "9223372036854775807", Long.MAX_VALUE);
        is("oid", "4294967295", 4294967295L);
        is("oid", "0", 0L);
    }

    private void floats() {
        is("float4", "'NaN'", Float.NaN);
        is("float4", "'-Infinity'", Float.NEGATIVE_INFINITY);
        is("float4", "'-0'", -0.0f);
        is("float4", "3.4028235e38", Float.MAX_VALUE);
        is("float4", "1e-45", Float.MIN_VALUE);
        is("float4", "0.1", 0.1f);
        is("float8", "'NaN'", Double.NaN);
        is("float8", "'Infinity'", Double.POSITIVE_INFINITY);
        is("float8", "'-0'", -0.0d);
        is("float8", "5e-324", Double.MIN_VALUE);
        is("float8", "1.7976931348623157e308", Double.MAX_VALUE);
        is("float8", "0.1::float8 + 0.2", 0.1 + 0.2);
    }

    private void decimals() {
        is("numeric(10,2)", "12345678.90", new BigDecimal("12345678.90"));
        is("numeric(10,2)", "-0.01", new BigDecimal("-0.01"));
        is("numeric(10,2)", "0", new BigDecimal("0.00"));
        is("numeric(10,2)", "1000000", new BigDecimal("1000000.00"));
        is("numeric(18,0)", "999999999999999999", new BigDecimal("999999999999999999"));
        is("numeric(18,18)", "-0.999999999999999999", new BigDecimal("-0.999999999999999999"));
        is("numeric(19,0)", "-9999999999999999999", new BigDecimal("-9999999999999999999"));
        is("numeric(20,0)", "12", new BigDecimal("12"));
        is("numeric(20,0)", "-12", new BigDecimal("-12"));
        is("numeric(38,0)", "9".repeat(38), new BigDecimal("9".repeat(38)));
        is("numeric(38,38)", "-0." + "9".repeat(38), new BigDecimal("-0." + "9".repeat(38)));
        is("numeric(38,10)", "1e27", new BigDecimal("1e27").setScale(10));
        is("numeric(38,10)", "0.0000000001", new BigDecimal("0.0000000001"));
        is("numeric(3,-2)", "-99900", new BigDecimal("-99900"));
        is("numeric(3,-2)", "149", new BigDecimal("100"));
        is("numeric(3,5)", "0.00999", new BigDecimal("0.00999"));
        refused("numeric(10,2)", "'NaN'");
        refused("numeric(30,2)", "'NaN'");
    }

    private void numericTexts() {
        String[] exact = {
            "0",
            "0.000",
            "1.0",
            "1.00",
            "-1",
            "10000",
            "100000000",
            "0.0001",
            "0.00001",
            "-0.00010000",
            "12345.6789",
            "123456789012345678901234567890.123456789012345678901234567890",
            "9999.99990",
            "NaN",
            "Infinity",
            "-Infinity"
        };
        for (String text : exact) {
            is("numeric", "'" + text + "'", text);
        }
        is("numeric", "1e20::numeric", "1" + "0".repeat(20));
        is("numeric", "1e-20::numeric", "0." + "0".repeat(19) + "1");
        is("numeric", "('1' || repeat('0', 131071))::numeric", "1" + "0".repeat(131071));
        is("numeric", "('0.' || repeat('0', 16382) || '7')::numeric", "0." + "0".repeat(16382) + "7");
        is("numeric(39,0)", "9".repeat(39), "9".repeat(39));
        is("numeric(50,40)", "1.5", "1.5" + "0".repeat(39));
    }

    private void texts() {
        String awkward = "Ĭstanbul ıİ \uD83D\uDE00 \uFFFD e\u0301 \\ \" ' {}";
        is("text", "''", "");
        is("text", "E'" + awkward.replace("\\", "\\\\").replace("'", "''") + "'", awkward);
        is("text", "repeat('x', 300000)", "x".repeat(300000));
        is("varchar(10)", "'a '", "a ");
        is("char(5)", "'ab'", "ab   ");
        is("name", "'Some Name'", "Some Name");
        is("\"char\"", "'x'::\"char\"", "x");
        is("\"char\"", "''::\"char\"", "");
        is("\"char\"", "(-1)::int::\"char\"", "\\377");
        is("json", "'{\"b\":1e400, \"b\":\"\\u0000\" }'", "{\"b\":1e400, \"b\":\"\\u0000\" }");
        is("jsonb", "'{\"b\":1e3, \"a\":[1,null]}'", "{\"a\": [1, null], \"b\": 1000}");
        is("jsonb", "'null'", "null");
        is("mood", "'so so'", "so so");
    }

    private void bytes() {
        is("bytea", "''", ByteBuffer.wrap(new byte[0]));
        is("bytea", "'\\x005cff'", ByteBuffer.wrap(new byte[] {0, 0x5c, -1}));
        is(
                "bytea",
                "decode(repeat('ab', 1000), 'hex')",
                ByteBuffer.wrap(HexFormat.of().parseHex("ab".repeat(1000))));
        is("uuid", "'00112233-4455-6677-8899-aabbccddeeff'", UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"));
        is("uuid", "'ffffffff-ffff-ffff-ffff-ffffffffffff'", new UUID(-1, -1));
    }

    private void dates() {
        is("date", "'1970-01-01'", 0);
        is("date", "'0044-03-15 BC'", (int) LocalDate.of(-43, 3, 15).toEpochDay());
        is("date", "'0001-12-31 BC'", (int) LocalDate.of(0, 12, 31).toEpochDay());
        is("date", "'4713-01-01 BC'", (int) LocalDate.of(-4712, 1, 1).toEpochDay());
        is("date", "'1500-02-28'", (int) LocalDate.of(1500, 2, 28).toEpochDay());
        is("date", "'5874897-12-31'", (int) LocalDate.of(5874897, 12, 31).toEpochDay());
        refused("date", "'infinity'");
        refused("date", "'-infinity'");
        is("time", "'00:00:00'", 0L);
        is("time", "'23:59:59.999999'", 86_399_999_999L);
        is("time", "'12:34:56.5'", 45_296_500_000L);
        refused("time", "'24:00:00'");
    }

    private void timestamps() {
        is("timestamp", "'2024-01-02 03:04:05.678901'", micros(LocalDateTime.of(2024, 1, 2, 3, 4, 5, 678_901_000)));
        is("timestamp", "'1969-12-31 23:59:59.999999'", -1L);
        is("timestamp", "'0044-03-15 12:00:00 BC'", micros(LocalDateTime.of(-43, 3, 15, 12, 0)));
        is("timestamp", "'4713-01-01 00:00:00 BC'", micros(LocalDateTime.of(-4712, 1, 1, 0, 0)));
        is("timestamp", "'294247-01-10 04:00:54.775807'", Long.MAX_VALUE);
        refused("timestamp", "'294247-01-10 04:00:54.775808'");
        refused("timestamp", "'294276-12-31 23:59:59.999999'");
        is(
                "timestamp",
                "'294246-12-31 23:59:59.999999'",
                micros(LocalDateTime.of(294246, 12, 31, 23, 59, 59, 999_999_000)));
        is("timestamp", "'1582-10-10 00:00:00'", micros(LocalDateTime.of(1582, 10, 10, 0, 0)));
        refused("timestamp", "'infinity'");
        refused("timestamp", "'-infinity'");
        is("timestamptz", "'2024-01-02 03:04:05.000001+00'", micros(LocalDateTime.of(2024, 1, 2, 3, 4, 5, 1_000)));
        is("timestamptz", "'1900-01-01 00:00:00+00'", micros(LocalDateTime.of(1900, 1, 1, 0, 0)));
        is("timestamptz", "'0044-03-15 12:00:00+00 BC'", micros(LocalDateTime.of(-43, 3, 15, 12, 0)));
        is("timestamptz", "'294246-12-30 00:00:00+00'", micros(LocalDateTime.of(294246, 12, 30, 0, 0)));
        refused("timestamptz", "'infinity'");
    }

    private static long micros(LocalDateTime utc) {
        return utc.toEpochSecond(ZoneOffset.UTC) * 1_000_000 + utc.getNano() / 1_000;
    }

    private void arrays() {
        is("int4[]", "'{}'", List.of());
        is("int4[]", "'{1,NULL,-3}'", Arrays.asList(1, null, -3));
        is("int8[]", "ARRAY[9223372036854775807]", List.of(Long.MAX_VALUE));
        is("bool[]", "'{t,f,NULL}'", Arrays.asList(true, false, null));
        is("float4[]", "'{NaN,-0,1.5}'", List.of(Float.NaN, -0.0f, 1.5f));
        is("float8[]", "'{Infinity,5e-324}'", List.of(Double.POSITIVE_INFINITY, Double.MIN_VALUE));
        is("numeric(6,2)[]", "'{1.5,-2,NULL}'", Arrays.asList(new BigDecimal("1.50"), new BigDecimal("-2.00"), null));
        is("numeric(25,2)[]", "'{1.5,-2}'", List.of(new BigDecimal("1.50"), new BigDecimal("-2.00")));
        is("numeric[]", "'{1.50,NaN}'", List.of("1.50", "NaN"));
        is(
                "text[]",
                "ARRAY['', 'NULL', 'null', NULL, 'a,b', '\"q\"', '\\', '{x}', ' s ', 'ü']",
                Arrays.asList("", "NULL", "null", null, "a,b", "\"q\"", "\\", "{x}", " s ", "ü"));
        is("varchar(3)[]", "ARRAY['abc']", List.of("abc"));
        is("char(3)[]", "ARRAY['a']", List.of("a  "));
        is("mood[]", "ARRAY['so so','happy']::mood[]", List.of("so so", "happy"));
        is(
                "bytea[]",
                "ARRAY['\\x00ff'::bytea, '\\x'::bytea]",
                List.of(ByteBuffer.wrap(new byte[] {0, -1}), ByteBuffer.wrap(new byte[0])));
        is("date[]", "'{1970-01-02,\"0044-03-15 BC\"}'", List.of(1, (int)
                LocalDate.of(-43, 3, 15).toEpochDay()));
        is("time[]", "'{00:00:01}'", List.of(1_000_000L));
        is("timestamp[]", "'{\"1970-01-01 00:00:01\"}'", List.of(1_000_000L));
        is("timestamptz[]", "'{\"1970-01-01 00:00:01+00\"}'", List.of(1_000_000L));
        is(
                "uuid[]",
                "'{00112233-4455-6677-8899-aabbccddeeff}'",
                List.of(UUID.fromString("00112233-4455-6677-8899-aabbccddeeff")));
        is("jsonb[]", "ARRAY['{\"a\": \"x,y\"}'::jsonb]", List.of("{\"a\": \"x,y\"}"));
        is("json[]", "ARRAY['[1, 2]'::json]", List.of("[1, 2]"));
        is("oid[]", "'{4294967295}'", List.of(4294967295L));
        refused("int4[]", "'{{1,2},{3,NULL}}'");
        refused("int4[]", "'[0:2]={1,2,3}'");
        refused("text[]", "'[2:3][1:1]={{a},{b}}'");
        refused("timestamp[]", "'{infinity}'");
    }

    private void exactTexts() {
        is("interval", "'-1 mons +2 days -03:04:05.678'", "-1 mons +2 days -03:04:05.678");
        is("timetz", "'24:00:00-15:59'", "24:00:00-15:59");
        is("money", "'-92233720368547758.08'", "-$92,233,720,368,547,758.08");
        is("inet", "'10.1.2.3/24'", "10.1.2.3/24");
        is("xid8", "'18446744073709551615'", "18446744073709551615");
        is("pg_lsn", "'FFFFFFFF/FFFFFFFF'", "FFFFFFFF/FFFFFFFF");
        is("bit(3)", "B'101'", "101");
        is("point", "'(1.5,NaN)'", "(1.5,NaN)");
        is("int4range", "'[1,5)'", "[1,5)");
        is("int4multirange", "'{[1,3),[5,9)}'", "{[1,3),[5,9)}");
        is("pair", "ROW(1, 'a \"b\"')::pair", "(1,\"a \"\"b\"\"\")");
        is("interval[]", "'{1 day}'", "{\"1 day\"}");
        is("xml", "'<a>ü</a>'", "<a>ü</a>");
        is("int2vector", "'1 2 3'", "1 2 3");
        is("tsvector", "'a:1 b'", "'a':1 'b'");
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
