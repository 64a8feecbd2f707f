// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CanonicalTextTest {

    static Stream<Arguments> samePairs() {
        UUID uuid = UUID.fromString("00000000-0000-0000-0000-00000000000f");
        return Stream.of(
                Arguments.of(Types.LongType.get(), "42", 42L),
                Arguments.of(Types.BooleanType.get(), "true", true),
                Arguments.of(Types.DecimalType.of(12, 2), "10.50", new BigDecimal("10.50")),
                Arguments.of(Types.DoubleType.get(), "1e+20", 1e20),
                Arguments.of(Types.DoubleType.get(), "1", 1.0),
                Arguments.of(Types.DoubleType.get(), "NaN", Double.NaN),
                Arguments.of(Types.FloatType.get(), "0.1", 0.1f),
                Arguments.of(Types.UUIDType.get(), uuid.toString(), uuid),
                Arguments.of(Types.BinaryType.get(), "00ff", ByteBuffer.wrap(new byte[] {0, -1})),
                Arguments.of(Types.DateType.get(), "2026-01-02", LocalDate.of(2026, 1, 2)),
                Arguments.of(
                        Types.TimestampType.withZone(),
                        "2026-01-02T03:04:05.000006Z",
                        OffsetDateTime.parse("2026-01-02T04:04:05.000006+01:00")),
                Arguments.of(
                        Types.TimestampType.withoutZone(),
                        "2026-01-02T03:04:05.100000",
                        LocalDateTime.parse("2026-01-02T03:04:05.1")),
                Arguments.of(Types.ListType.ofOptional(1, Types.IntegerType.get()), "[1, 2]", List.of(1, 2)),
                Arguments.of(
                        Types.ListType.ofOptional(1, Types.StringType.get()),
                        "[\"a,\\\"b\\\"\",null]",
                        Arrays.asList("a,\"b\"", null)),
                Arguments.of(Types.StringType.get(), null, null));
    }

    @ParameterizedTest
    @MethodSource("samePairs")
    void a_value_has_one_text_on_both_sides(Type type, String printed, Object inLake) {
        assertThat(CanonicalText.ofSource(type, printed)).isEqualTo(CanonicalText.ofLake(type, inLake));
    }
}
