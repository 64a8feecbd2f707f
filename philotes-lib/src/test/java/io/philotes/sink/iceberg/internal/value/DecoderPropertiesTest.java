// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.model.PgType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.BigRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** Text and binary agree with each other and with Java, for values nobody thought of. */
class DecoderPropertiesTest {

    private static final long MICROS_1970_TO_2000 = 946_684_800_000_000L;

    private static Object text(String type, Type target, String value) {
        return text(Decoders.of(PgType.base(0, type), target), target, value);
    }

    private static Object text(ValueDecoder decoder, Type target, String value) {
        Slots slots = new Slots(1);
        byte[] padded = WireCases.utf8("?" + value + "?");
        decoder.text(padded, 1, padded.length - 2, slots, 0);
        return GenericValues.internal(target, slots, 0);
    }

    private static Object binary(String type, Type target, byte[] value) {
        return binary(Decoders.of(PgType.base(0, type), target), target, value);
    }

    private static Object binary(ValueDecoder decoder, Type target, byte[] value) {
        Slots slots = new Slots(1);
        byte[] padded = new byte[value.length + 2];
        System.arraycopy(value, 0, padded, 1, value.length);
        decoder.binary(padded, 1, value.length, slots, 0);
        return GenericValues.internal(target, slots, 0);
    }

    @Provide
    Arbitrary<BigDecimal> numerics() {
        Arbitrary<BigInteger> unscaled = Arbitraries.integers()
                .between(0, 60)
                .flatMap(digits -> Arbitraries.bigIntegers()
                        .between(BigInteger.TEN.pow(digits).negate(), BigInteger.TEN.pow(digits)));
        return unscaled.flatMap(
                value -> Arbitraries.integers().between(0, 45).map(scale -> new BigDecimal(value, scale)));
    }

    @Property(tries = 2000)
    void a_numeric_prints_as_postgres_does(@ForAll("numerics") BigDecimal value) {
        Object printed = binary("numeric", Types.StringType.get(), WireBytes.numeric(value));
        assertThat(printed).isEqualTo(value.toPlainString());
        assertThat(text("numeric", Types.StringType.get(), value.toPlainString()))
                .isEqualTo(printed);
    }

    @Property(tries = 2000)
    void a_decimal_is_exact_or_refused(
            @ForAll("numerics") BigDecimal value,
            @ForAll @IntRange(min = 1, max = 38) int precision,
            @ForAll @IntRange(max = 38) int scale) {
        Type target = Types.DecimalType.of(precision, Math.min(scale, precision));
        BigDecimal scaled = null;
        try {
            scaled = value.setScale(Math.min(scale, precision), RoundingMode.UNNECESSARY);
        } catch (ArithmeticException e) {
            assertThat(scaled).isNull();
        }
        if (scaled != null && scaled.precision() <= precision) {
            assertThat(binary("numeric", target, WireBytes.numeric(value))).isEqualTo(scaled);
            assertThat(text("numeric", target, value.toPlainString())).isEqualTo(scaled);
        } else {
            assertThatThrownBy(() -> binary("numeric", target, WireBytes.numeric(value)))
                    .isInstanceOf(BadValueException.class);
            assertThatThrownBy(() -> text("numeric", target, value.toPlainString()))
                    .isInstanceOf(BadValueException.class);
        }
    }

    @Property
    void a_decimal_goes_in_and_out_of_a_slot(
            @ForAll
                    @BigRange(
                            min = "-99999999999999999999999999999999999999",
                            max = "99999999999999999999999999999999999999")
                    BigInteger unscaled) {
        Slots slots = new Slots(1);
        Type type = Types.DecimalType.of(38, 5);
        GenericValues.put(type, new BigDecimal(unscaled, 5), slots, 0);
        assertThat(GenericValues.internal(type, slots, 0)).isEqualTo(new BigDecimal(unscaled, 5));
    }

    /** From 4713 BC to the last year whose every microsecond is a long. */
    @Provide
    Arbitrary<Long> moments() {
        long from = LocalDateTime.of(-4712, 1, 1, 0, 0).toEpochSecond(ZoneOffset.UTC) * 1_000_000;
        long to = LocalDateTime.of(294246, 12, 31, 0, 0).toEpochSecond(ZoneOffset.UTC) * 1_000_000;
        return Arbitraries.longs().between(from, to);
    }

    private static String isoDate(LocalDate date) {
        int year = date.getYear() < 1 ? 1 - date.getYear() : date.getYear();
        return String.format(Locale.ROOT, "%04d-%02d-%02d", year, date.getMonthValue(), date.getDayOfMonth());
    }

    private static String era(LocalDate date) {
        return date.getYear() < 1 ? " BC" : "";
    }

    private static String iso(LocalDateTime moment, String zone) {
        String fraction =
                String.format(Locale.ROOT, ".%06d", moment.getNano() / 1000).replaceAll("\\.?0*$", "");
        String time =
                String.format(Locale.ROOT, " %02d:%02d:%02d", moment.getHour(), moment.getMinute(), moment.getSecond());
        return isoDate(moment.toLocalDate()) + time + fraction + zone + era(moment.toLocalDate());
    }

    private static LocalDateTime local(long micros) {
        return LocalDateTime.ofEpochSecond(
                Math.floorDiv(micros, 1_000_000L), (int) Math.floorMod(micros, 1_000_000L) * 1000, ZoneOffset.UTC);
    }

    @Property(tries = 2000)
    void timestamps_agree(@ForAll("moments") long micros) {
        Type target = Types.TimestampType.withoutZone();
        assertThat(text("timestamp", target, iso(local(micros), ""))).isEqualTo(micros);
        assertThat(binary("timestamp", target, WireBytes.int8(micros - MICROS_1970_TO_2000)))
                .isEqualTo(micros);
    }

    @Property(tries = 2000)
    void timestamps_with_zone_agree(
            @ForAll("moments") long micros, @ForAll @IntRange(min = -57_599, max = 57_599) int offset) {
        Type target = Types.TimestampType.withZone();
        int seconds = Math.abs(offset);
        StringBuilder zone =
                new StringBuilder(String.format(Locale.ROOT, "%s%02d", offset < 0 ? "-" : "+", seconds / 3600));
        if (seconds % 3600 != 0) {
            zone.append(String.format(Locale.ROOT, ":%02d", seconds / 60 % 60));
        }
        if (seconds % 60 != 0) {
            zone.append(String.format(Locale.ROOT, ":%02d", seconds % 60));
        }
        String printed = iso(local(micros + offset * 1_000_000L), zone.toString());
        assertThat(text("timestamptz", target, printed)).isEqualTo(micros);
        assertThat(binary("timestamptz", target, WireBytes.int8(micros - MICROS_1970_TO_2000)))
                .isEqualTo(micros);
    }

    @Property(tries = 2000)
    void dates_agree(@ForAll @IntRange(min = -2_440_588, max = 2_145_042_905) int days) {
        LocalDate date = LocalDate.ofEpochDay(days);
        assertThat(text("date", Types.DateType.get(), isoDate(date) + era(date)))
                .isEqualTo(days);
        assertThat(binary("date", Types.DateType.get(), WireBytes.int4(days - 10_957)))
                .isEqualTo(days);
    }

    @Property
    void times_agree(@ForAll @LongRange(max = 86_399_999_999L) long micros) {
        LocalDateTime moment = local(micros);
        assertThat(text("time", Types.TimeType.get(), iso(moment, "").substring(11)))
                .isEqualTo(micros);
        assertThat(binary("time", Types.TimeType.get(), WireBytes.int8(micros))).isEqualTo(micros);
    }

    @Property
    void integers_agree(@ForAll long value) {
        assertThat(text("int8", Types.LongType.get(), Long.toString(value))).isEqualTo(value);
        assertThat(binary("int8", Types.LongType.get(), WireBytes.int8(value))).isEqualTo(value);
    }

    @Provide
    Arbitrary<List<String>> lists() {
        Arbitrary<String> awkward = Arbitraries.strings()
                .withChars('a', ',', '{', '}', '"', '\\', ' ', 'N', 'U', 'L', '\n', 'ü')
                .ofMaxLength(6);
        return Arbitraries.oneOf(awkward, Arbitraries.of("NULL", "null", "", "\uD83D\uDE00"))
                .injectNull(0.1)
                .list()
                .ofMaxSize(8);
    }

    /** {@code array_out} quotes what would be misread; here everything that is not plain. */
    private static String quote(String element) {
        if (element == null) {
            return "NULL";
        }
        boolean plain = element.matches("[aü]+");
        return plain ? element : '"' + element.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    @Property(tries = 2000)
    void arrays_agree(@ForAll("lists") List<String> elements) {
        PgType type = PgType.arrayOf(1009, PgType.base(25, "text"));
        Type target = TypeMapping.of(type, -1).type();
        ValueDecoder decoder = Decoders.of(type, target);
        String printed = elements.stream().map(DecoderPropertiesTest::quote).collect(Collectors.joining(",", "{", "}"));
        assertThat(text(decoder, target, printed)).isEqualTo(elements);
        List<byte[]> sent = elements.stream()
                .map(element -> element == null ? null : WireCases.utf8(element))
                .collect(Collectors.toList());
        assertThat(binary(decoder, target, WireBytes.array(sent))).isEqualTo(elements);
    }

    @Property(tries = 5000)
    void garbage_is_refused_or_taken_but_never_a_crash(@ForAll byte[] garbage, @ForAll("typeNames") String name) {
        PgType type = name.endsWith("[]")
                ? PgType.arrayOf(0, PgType.base(0, name.substring(0, name.length() - 2)))
                : PgType.base(0, name);
        Type target = TypeMapping.of(type, name.startsWith("numeric") ? (20 << 16 | 4) + 4 : -1)
                .type();
        ValueDecoder decoder = Decoders.of(type, target);
        tolerate(() -> decoder.text(garbage, 0, garbage.length, new Slots(1), 0));
        tolerate(() -> decoder.binary(garbage, 0, garbage.length, new Slots(1), 0));
    }

    @Provide
    Arbitrary<String> typeNames() {
        return Arbitraries.of(
                "bool",
                "int2",
                "int4",
                "int8",
                "oid",
                "float4",
                "float8",
                "numeric",
                "text",
                "char",
                "bytea",
                "date",
                "time",
                "timestamp",
                "timestamptz",
                "uuid",
                "jsonb",
                "int4[]",
                "text[]",
                "numeric[]",
                "timestamptz[]");
    }

    private static void tolerate(Runnable decoding) {
        try {
            decoding.run();
        } catch (BadValueException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }
}
