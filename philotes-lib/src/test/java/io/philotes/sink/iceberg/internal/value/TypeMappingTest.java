// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.Column;
import io.philotes.model.PgType;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TypeMappingTest {

    private static TypeMapping mapping(String type) {
        Column column = Relations.column("c", 1, type);
        return TypeMapping.of(column.type(), column.typeModifier());
    }

    private static boolean canHold(String type, Type existing) {
        Column column = Relations.column("c", 1, type);
        return TypeMapping.canHold(column.type(), column.typeModifier(), existing);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bool|boolean",
                "int2|int",
                "int4|int",
                "int8|long",
                "oid|long",
                "float4|float",
                "float8|double",
                "numeric|string",
                "numeric(10,2)|decimal(10, 2)",
                "numeric(38,38)|decimal(38, 38)",
                "numeric(39,2)|string",
                "numeric(3,-2)|decimal(5, 0)",
                "numeric(30,-9)|string",
                "numeric(3,5)|decimal(5, 5)",
                "numeric(3,39)|string",
                "text|string",
                "bpchar|string",
                "char|string",
                "jsonb|string",
                "bytea|binary",
                "date|date",
                "time|time",
                "timestamp|timestamp",
                "timestamptz|timestamptz",
                "uuid|uuid",
                "interval|string",
                "timetz|string",
                "public.citext|string",
                "int4[]|list<int>",
                "numeric(10,2)[]|list<decimal(10, 2)>",
                "interval[]|string"
            })
    void types_map_to(String type, String expected) {
        assertThat(mapping(type).type().toString()).isEqualTo(expected);
    }

    @Test
    void other_sorts_of_types_are_text() {
        assertThat(TypeMapping.of(PgType.enumeration(1, "mood"), -1).type()).isEqualTo(Types.StringType.get());
        assertThat(TypeMapping.of(PgType.other(1, "pair"), -1).type()).isEqualTo(Types.StringType.get());
        PgType enums = PgType.arrayOf(2, PgType.enumeration(1, "mood"));
        assertThat(TypeMapping.of(enums, -1).type().toString()).isEqualTo("list<string>");
        PgType composites = PgType.arrayOf(2, PgType.other(1, "pair"));
        assertThat(TypeMapping.of(composites, -1).type()).isEqualTo(Types.StringType.get());
    }

    @Test
    void what_is_not_exact_says_so() {
        assertThat(mapping("int4").isExact()).isTrue();
        assertThat(mapping("numeric").note()).contains("exact text");
        assertThat(mapping("numeric").isExact()).isTrue();
        assertThat(mapping("timestamp").note()).contains("infinity");
        assertThat(mapping("timestamp").isExact()).isFalse();
        assertThat(mapping("int4[]").note()).contains("dimension");
    }

    @Test
    void a_column_holds_what_it_was_widened_for() {
        assertThat(canHold("int4", Types.LongType.get())).isTrue();
        assertThat(canHold("int8", Types.IntegerType.get())).isFalse();
        assertThat(canHold("float4", Types.DoubleType.get())).isTrue();
        assertThat(canHold("numeric(10,2)", Types.DecimalType.of(12, 2))).isTrue();
        assertThat(canHold("numeric(10,2)", Types.DecimalType.of(12, 4))).isTrue();
        assertThat(canHold("numeric(10,2)", Types.DecimalType.of(11, 4))).isFalse();
        assertThat(canHold("numeric(10,2)", Types.DecimalType.of(9, 2))).isFalse();
        assertThat(canHold("numeric(10,2)", Types.StringType.get())).isTrue();
        assertThat(canHold("int4", Types.StringType.get())).isFalse();
        assertThat(canHold("timestamp", Types.TimestampType.withZone())).isFalse();
        assertThat(canHold("int4[]", Types.ListType.ofOptional(77, Types.LongType.get())))
                .isTrue();
        assertThat(canHold("int8[]", Types.ListType.ofOptional(77, Types.IntegerType.get())))
                .isFalse();
        assertThat(canHold("int4[]", Types.StringType.get())).isFalse();
        assertThat(canHold("interval[]", Types.StringType.get())).isTrue();
    }

    @Test
    void promotions_are_those_that_iceberg_allows() {
        Type money = Types.DecimalType.of(10, 2);
        assertThat(TypeMapping.promotion(Types.IntegerType.get(), Types.LongType.get()))
                .contains(Types.LongType.get());
        assertThat(TypeMapping.promotion(Types.FloatType.get(), Types.DoubleType.get()))
                .contains(Types.DoubleType.get());
        assertThat(TypeMapping.promotion(money, Types.DecimalType.of(12, 2))).contains(Types.DecimalType.of(12, 2));
        assertThat(TypeMapping.promotion(money, Types.DecimalType.of(12, 3))).isEmpty();
        assertThat(TypeMapping.promotion(money, money)).isEmpty();
        assertThat(TypeMapping.promotion(Types.LongType.get(), Types.IntegerType.get()))
                .isEmpty();
    }

    @Test
    void keys_that_are_not_safe_are_named() {
        assertThat(TypeMapping.keyProblem(PgType.base(0, "float8"), Types.DoubleType.get()))
                .isPresent();
        assertThat(TypeMapping.keyProblem(PgType.base(0, "regclass"), Types.StringType.get()))
                .isPresent();
        assertThat(TypeMapping.keyProblem(
                        PgType.arrayOf(0, PgType.base(0, "int4")),
                        Types.ListType.ofOptional(1, Types.IntegerType.get())))
                .isPresent();
        assertThat(TypeMapping.keyProblem(PgType.base(0, "numeric"), Types.StringType.get()))
                .isEmpty();
        assertThat(TypeMapping.keyProblem(PgType.base(0, "uuid"), Types.UUIDType.get()))
                .isEmpty();
    }
}
