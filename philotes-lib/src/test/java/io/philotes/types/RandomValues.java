// SPDX-License-Identifier: Apache-2.0
package io.philotes.types;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Random values as texts that PostgreSQL's input functions take. Mutable, for one thread. */
final class RandomValues {

    private static final long MICROS_PER_DAY = 86_400_000_000L;
    private static final String AWKWARD = " \t\n\r\u000b\f\"\\{}(),;'NULnul<>=&|ü€😀\u0301\u00a0\uffff\u0001[]:.*-/%_";

    private final Random random;

    RandomValues(long seed) {
        random = new Random(seed);
    }

    /** SQL types with an Iceberg type of their own, and values that it holds. */
    Map<String, Supplier<String>> ofKnownTypes() {
        Map<String, Supplier<String>> types = scalars();
        Map<String, Supplier<String>> all = new LinkedHashMap<>(types);
        types.forEach((type, values) -> all.put(type + "[]", () -> list(values)));
        return all;
    }

    /** The same types with everything that PostgreSQL holds. */
    Map<String, Supplier<String>> ofKnownTypesUnbounded() {
        Map<String, Supplier<String>> types = scalars();
        types.put("date", () -> oneOf("infinity", "-infinity", date()));
        types.put("time", () -> oneOf("24:00:00", time()));
        types.put("timestamp", () -> oneOf("infinity", "-infinity", timestamp(), "294276-12-31 23:59:59.999999"));
        types.put("timestamptz", () -> oneOf("infinity", "-infinity", timestamp() + zone()));
        types.put("numeric(10,2)", () -> oneOf("NaN", decimal(8, 2)));
        Map<String, Supplier<String>> all = new LinkedHashMap<>(types);
        types.forEach((type, values) -> all.put(type + "[]", () -> array(values)));
        return all;
    }

    private Map<String, Supplier<String>> scalars() {
        Map<String, Supplier<String>> types = new LinkedHashMap<>();
        types.put("bool", () -> oneOf("t", "f"));
        types.put("int2", () -> Integer.toString((short) bits()));
        types.put("int4", () -> Integer.toString((int) bits()));
        types.put("int8", () -> Long.toString(bits()));
        types.put("oid", () -> Integer.toUnsignedString((int) bits()));
        types.put("float4", this::float4);
        types.put("float8", this::float8);
        types.put("numeric(10,2)", () -> decimal(8, 2));
        types.put("numeric(38,20)", () -> decimal(18, 20));
        types.put("numeric", () -> oneOf("NaN", "Infinity", "-Infinity", numeric(), numeric(), numeric()));
        types.put("text", this::text);
        types.put("char(12)", () -> cut(text(), 12));
        types.put("mood", () -> oneOf("happy", "so so", "ünhappy, \"really\""));
        types.put("json", () -> json(3));
        types.put("jsonb", () -> json(3));
        types.put("bytea", this::bytea);
        types.put("uuid", () -> new UUID(bits(), bits()).toString());
        types.put("date", this::date);
        types.put("time", this::time);
        types.put("timestamp", this::timestamp);
        types.put("timestamptz", () -> timestamp() + zone());
        return types;
    }

    /** SQL types that are kept as text. */
    Map<String, Supplier<String>> ofPrintedTypes() {
        Map<String, Supplier<String>> types = new LinkedHashMap<>();
        types.put(
                "interval",
                () -> (short) bits() + " mons " + (short) bits() + " days " + bits() / 1_000_000 % 10_000_000
                        + " secs");
        types.put(
                "timetz",
                () -> oneOf("24:00:00", time()) + String.format("%+03d:%02d", between(-15, 15), between(0, 59)));
        types.put("money", () -> BigDecimal.valueOf(bits(), 2).toPlainString());
        types.put("bit(9)", () -> digits(9, 2));
        types.put("varbit", () -> digits(between(0, 80), 2));
        types.put("inet", () -> address() + (random.nextBoolean() ? "" : "/" + between(0, 32)));
        types.put("macaddr", () -> String.format("%012x", bits() & 0xFFFF_FFFF_FFFFL));
        types.put("macaddr8", () -> String.format("%016x", bits()));
        types.put("xml", () -> "<a b=\"" + between(0, 99) + "\">" + word() + "</a>");
        types.put("tsvector", () -> quotedWord() + ":" + between(1, 16_383) + oneOf("A", "", "B") + " " + quotedWord());
        types.put("tsquery", () -> quotedWord() + oneOf(" & ", " | ", " <-> ") + "!" + quotedWord());
        types.put("xid", () -> Integer.toUnsignedString((int) bits()));
        types.put("xid8", () -> Long.toUnsignedString(bits()));
        types.put("tid", () -> "(" + Integer.toUnsignedString((int) bits()) + "," + between(0, 65_535) + ")");
        types.put("pg_lsn", () -> String.format("%X/%X", (int) bits(), (int) bits()));
        types.put("point", this::point);
        types.put("box", () -> point() + "," + point());
        types.put("path", () -> {
            String points = point() + "," + point();
            return oneOf("[" + points + "]", "(" + points + ")");
        });
        types.put("polygon", () -> "(" + point() + "," + point() + "," + point() + ")");
        types.put("circle", () -> "<" + point() + "," + between(0, 1000) + ".5>");
        types.put(
                "int4range",
                () -> oneOf("empty", "[" + between(-99, 0) + "," + between(1, 99) + oneOf(")", "]"), "(,)"));
        types.put("numrange", () -> "[" + decimal(3, 4).replace("-", "-9") + ",]");
        types.put("tstzrange", () -> "[\"" + timestamp() + "+00\",infinity)");
        types.put("int4multirange", () -> "{[" + between(0, 9) + ",10],(" + between(20, 30) + ",)}");
        types.put("pair", this::pair);
        types.put(
                "nested",
                () -> "(" + field(pair()) + "," + field(list(() -> decimal(8, 2))) + "," + oneOf("", date()) + ")");
        types.put("pair[]", () -> array(this::pair));
        types.put("pair_domain", this::pair);
        types.put("money_domain", () -> decimal(5, 3));
        types.put("ints_domain[]", () -> array(() -> array(() -> Integer.toString((int) bits()))));
        types.put("hstore", () -> hstoreText() + "=>" + oneOf("NULL", hstoreText()));
        types.put("citext", this::text);
        types.put("citext[]", () -> array(this::text));
        types.put("ltree", () -> "a" + between(0, 99) + ".b_" + between(0, 99));
        types.put("cube", () -> "(" + between(-9, 9) + ".25," + (float) between(0, 99) / 7 + ")");
        types.put("jsonpath", () -> "$.k" + between(0, 99) + "[*] ? (@ > " + between(0, 99) + ")");
        types.put("interval[]", () -> array(() -> between(-9, 9) + " mons " + between(-99, 99) + " days"));
        types.put("tsrange[]", () -> array(() -> "[" + "\"" + timestamp() + "\",)"));
        types.put("int2vector", () -> between(-9, 9) + " " + between(-9, 9));
        types.put("regtype", () -> oneOf("int4", "timestamptz", "public.mood", "_text"));
        return types;
    }

    /** Often a number of special bits. */
    private long bits() {
        return switch (random.nextInt(8)) {
            case 0 -> random.nextInt(3) - 1L;
            case 1 -> 1L << random.nextInt(64);
            case 2 -> (1L << random.nextInt(64)) - 1;
            case 3 -> Long.MIN_VALUE;
            default -> random.nextLong();
        };
    }

    private int between(int least, int most) {
        return least + random.nextInt(most - least + 1);
    }

    private String oneOf(String... texts) {
        return texts[random.nextInt(texts.length)];
    }

    private String digits(int count, int base) {
        return random.ints(count, 0, base).mapToObj(Integer::toString).collect(Collectors.joining());
    }

    private String float4() {
        float value = switch (random.nextInt(4)) {
            case 0 -> (float) Math.scalb(1.0, between(-149, 127));
            case 1 -> (float) between(-9_999_999, 9_999_999);
            case 2 -> between(-9999, 9999) / (float) Math.pow(10, between(0, 12));
            default -> Float.intBitsToFloat(random.nextInt());
        };
        return Float.toString(random.nextBoolean() ? value : -value);
    }

    private String float8() {
        double value = switch (random.nextInt(5)) {
            case 0 -> Math.scalb(1.0, between(-1074, 1023));
            case 1 -> (double) random.nextLong();
            case 2 -> between(-99_999, 99_999) / Math.pow(10, between(0, 30));
            case 3 -> between(1, 9) * Math.pow(10, between(-300, 300));
            default -> Double.longBitsToDouble(random.nextLong());
        };
        return Double.toString(random.nextBoolean() ? value : -value);
    }

    private String decimal(int integerDigits, int scale) {
        BigInteger limit = BigInteger.TEN.pow(between(1, integerDigits + scale));
        BigInteger unscaled = new BigInteger(130, random).mod(limit);
        return new BigDecimal(random.nextBoolean() ? unscaled : unscaled.negate(), scale).toPlainString();
    }

    private String numeric() {
        BigInteger unscaled = new BigInteger(between(1, random.nextInt(20) == 0 ? 4000 : 200), random);
        return (random.nextBoolean() ? "" : "-") + new BigDecimal(unscaled, between(0, 60)).toPlainString();
    }

    private String text() {
        if (random.nextInt(10) == 0) {
            return oneOf("", "NULL", "null", " ", "\\N", "\\", "\"");
        }
        int[] points = AWKWARD.codePoints().toArray();
        StringBuilder text = new StringBuilder();
        for (int i = between(0, 12); i > 0; i--) {
            text.appendCodePoint(random.nextInt(3) == 0 ? between('a', 'z') : points[random.nextInt(points.length)]);
        }
        return text.toString();
    }

    private static String cut(String text, int codePoints) {
        return text.codePoints()
                .limit(codePoints)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private String word() {
        return random.ints(between(1, 8), 'a', 'z')
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }

    private String quotedWord() {
        return "'" + text().replace("\u0000", "").replace("\\", "\\\\").replace("'", "''") + "x'";
    }

    private String hstoreText() {
        return "\"" + text().replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private String json(int depth) {
        return switch (random.nextInt(depth > 0 ? 7 : 5)) {
            case 0 -> "null";
            case 1 -> oneOf("true", "false");
            case 2 -> decimal(20, between(0, 30));
            case 3 -> between(-9, 9) + "e" + between(-20, 20);
            case 4 -> jsonText();
            case 5 -> "[" + json(depth - 1) + " ," + json(depth - 1) + "]";
            default -> "{" + jsonText() + " :" + json(depth - 1) + ", \"k\":" + json(depth - 1) + "}";
        };
    }

    private String jsonText() {
        return text().codePoints()
                .mapToObj(c -> c < ' ' || c == '"' || c == '\\' ? String.format("\\u%04x", c) : Character.toString(c))
                .collect(Collectors.joining("", "\"", "\""));
    }

    private String bytea() {
        byte[] bytes = new byte[between(0, 40)];
        random.nextBytes(bytes);
        return "\\x" + java.util.HexFormat.of().formatHex(bytes);
    }

    private static String day(long sinceEpoch) {
        java.time.LocalDate date = java.time.LocalDate.ofEpochDay(sinceEpoch);
        int year = date.getYear() > 0 ? date.getYear() : 1 - date.getYear();
        return String.format("%04d-%02d-%02d", year, date.getMonthValue(), date.getDayOfMonth());
    }

    private static String era(long sinceEpoch) {
        return java.time.LocalDate.ofEpochDay(sinceEpoch).getYear() > 0 ? "" : " BC";
    }

    private long someDay(long last) {
        long first = java.time.LocalDate.of(-4713, 11, 25).toEpochDay();
        return random.nextBoolean() ? between(-10_000, 40_000) : first + (long) (random.nextDouble() * (last - first));
    }

    private String date() {
        long day = someDay(java.time.LocalDate.of(5_874_897, 12, 31).toEpochDay());
        return day(day) + era(day);
    }

    private String time() {
        long micros = (long) (random.nextDouble() * MICROS_PER_DAY);
        long rounded = random.nextBoolean() ? micros : micros / 100_000 * 100_000;
        return java.time.LocalTime.ofNanoOfDay(rounded * 1000).toString();
    }

    private String timestamp() {
        long day = someDay(java.time.LocalDate.of(294_246, 12, 31).toEpochDay());
        return day(day) + " " + time() + era(day);
    }

    /** Goes behind the era, too. */
    private String zone() {
        return oneOf("+00", "+05:45", "-11:30");
    }

    private String address() {
        return between(0, 255) + "." + between(0, 255) + "." + between(0, 255) + "." + between(0, 255);
    }

    private String point() {
        return "(" + float8() + "," + float8() + ")";
    }

    private String pair() {
        return "(" + oneOf("", Integer.toString((int) bits())) + "," + oneOf("", field(text())) + ")";
    }

    private static String field(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\"\"") + '"';
    }

    private String list(Supplier<String> element) {
        List<String> elements = new ArrayList<>();
        for (int i = between(0, 4); i > 0; i--) {
            elements.add(element(element));
        }
        return "{" + String.join(",", elements) + "}";
    }

    /** Any shape. */
    private String array(Supplier<String> element) {
        if (random.nextBoolean()) {
            return list(element);
        }
        int first = between(-3, 3);
        int second = between(0, 2);
        String rows = "{" + element(element) + "," + element(element) + "}";
        String more = "{" + element(element) + "," + element(element) + "}";
        return "[" + first + ":" + (first + 1) + "][" + second + ":" + (second + 1) + "]={" + rows + "," + more + "}";
    }

    private String element(Supplier<String> values) {
        return random.nextInt(6) == 0
                ? "NULL"
                : '"' + values.get().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
