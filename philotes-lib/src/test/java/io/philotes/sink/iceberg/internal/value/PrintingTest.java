// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.ErrorCode;
import io.philotes.model.PgType;
import io.philotes.model.internal.FloatText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a real server cannot be made to send: old spellings, and bytes that are damaged. */
class PrintingTest {

    private static final PgType CHAR = PgType.base(18, "char");
    private static final byte[] OLD_CHAR = {(byte) 0xFE};
    private static final byte[] OLD_CHARS = {'{', 'x', ',', (byte) 0x80, '}'};

    private static String text(ValueDecoder decoder, byte[] bytes) {
        Slots slots = new Slots(1);
        decoder.text(bytes, 0, bytes.length, slots, 0);
        return new String(slots.copyOfBytes(0), StandardCharsets.UTF_8);
    }

    @Test
    void a_char_that_an_old_server_prints_as_it_is_is_spelt_as_a_new_one_does() {
        assertThat(text(Decoders.of(CHAR, Types.StringType.get()), OLD_CHAR)).isEqualTo("\\376");
        assertThat(text(Decoders.of(PgType.arrayOf(1002, CHAR), Types.StringType.get()), OLD_CHARS))
                .isEqualTo("{x,\"\\\\200\"}");
    }

    @Test
    void a_char_that_an_old_server_sent_as_its_character_is_kept() {
        byte[] character = "é".getBytes(StandardCharsets.UTF_8);
        byte[] characters = "{x,é}".getBytes(StandardCharsets.UTF_8);
        assertThat(text(Decoders.of(CHAR, Types.StringType.get()), character)).isEqualTo("é");
        assertThat(text(Decoders.of(PgType.arrayOf(1002, CHAR), Types.StringType.get()), characters))
                .isEqualTo("{x,é}");
    }

    @ParameterizedTest
    @CsvSource({
        "9007199254740993.0, 9.007199254740992e+15",
        "123456789012345.0, 123456789012345",
        "1e15, 1e+15",
        "0.0001, 0.0001",
        "0.00001, 1e-05",
        "1.7976931348623157e308, 1.7976931348623157e+308",
        "4.9e-324, 5e-324",
        "-0.0, -0",
        "NaN, NaN",
        "-Infinity, -Infinity"
    })
    void floating_point_numbers_are_printed_as_postgres_does(double value, String expected) {
        assertThat(FloatText.of(value)).isEqualTo(expected);
    }

    @Test
    void every_printed_number_reads_back_as_itself() {
        long seed = Long.getLong("philotes.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            double value = Double.longBitsToDouble(random.nextLong());
            float small = Float.intBitsToFloat(random.nextInt());
            assertThat(Double.parseDouble(FloatText.of(value)))
                    .as("seed %d", seed)
                    .isEqualTo(Double.valueOf(value));
            assertThat(Float.parseFloat(FloatText.of(small)))
                    .as("seed %d", seed)
                    .isEqualTo(Float.valueOf(small));
        }
    }

    @Test
    void damaged_bytes_are_refused_and_never_a_crash() {
        long seed = Long.getLong("philotes.seed", System.nanoTime());
        Random random = new Random(seed);
        List<String> types = List.of(
                "bool",
                "int2",
                "int4",
                "int8",
                "oid",
                "float4",
                "float8",
                "numeric",
                "date",
                "time",
                "timestamp",
                "uuid");
        for (int i = 0; i < 20_000; i++) {
            PgType element = PgType.base(0, types.get(random.nextInt(types.size())));
            PgType type = random.nextBoolean() ? element : PgType.arrayOf(0, element);
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            if (bytes.length > 12 && random.nextBoolean()) {
                java.util.Arrays.fill(bytes, 0, 12, (byte) 0);
                bytes[3] = (byte) (1 + random.nextInt(3));
            }
            try {
                Slots slots = new Slots(1);
                Decoders.of(type, Types.StringType.get()).binary(bytes, 0, bytes.length, slots, 0);
                assertThat(slots.isNull(0)).isFalse();
            } catch (BadValueException e) {
                assertThat(e.code()).as("seed %d, %s", seed, type).isEqualTo(ErrorCode.VALUE_MALFORMED);
            }
        }
    }

    @Test
    void a_type_that_has_no_decoder_for_its_target_is_a_defect() {
        assertThatThrownBy(() -> Decoders.of(PgType.base(0, "interval"), Types.LongType.get()))
                .hasMessageContaining("interval");
    }
}
