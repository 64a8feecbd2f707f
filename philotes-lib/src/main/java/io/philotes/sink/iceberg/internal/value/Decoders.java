// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import io.philotes.model.BinaryForms;
import io.philotes.model.PgType;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Type.TypeID;
import org.apache.iceberg.types.Types;

/** Finds the decoder of a PostgreSQL type for an Iceberg type that {@link TypeMapping#canHold} allows. */
final class Decoders {

    private Decoders() {}

    static ValueDecoder of(PgType type, Type target) {
        if (target.isListType()) {
            PgType element = type.element().orElseThrow();
            Type elementType = target.asListType().elementType();
            return new ArrayDecoder(of(element, elementType), BinaryForms.known(element));
        }
        return type.kind() == PgType.Kind.BASE ? base(type.name(), target) : BytesDecoder.INSTANCE;
    }

    private static ValueDecoder base(String name, Type target) {
        return switch (name) {
            case "bool" -> BooleanDecoder.INSTANCE;
            case "int2" -> IntegerDecoder.INT2;
            case "int4" -> IntegerDecoder.INT4;
            case "int8" -> IntegerDecoder.INT8;
            case "oid" -> IntegerDecoder.OID;
            case "float4" -> target.typeId() == TypeID.FLOAT ? Float4Decoder.AS_FLOAT : Float4Decoder.AS_DOUBLE;
            case "float8" -> Float8Decoder.INSTANCE;
            case "numeric" -> numeric(target);
            case "bytea" -> ByteaDecoder.INSTANCE;
            case "date" -> DateDecoder.INSTANCE;
            case "time" -> TimeDecoder.INSTANCE;
            case "timestamp" -> TimestampDecoder.WITHOUT_ZONE;
            case "timestamptz" -> TimestampDecoder.WITH_ZONE;
            case "uuid" -> UuidDecoder.INSTANCE;
            case "jsonb" -> JsonbDecoder.INSTANCE;
            case "char" -> CharDecoder.INSTANCE;
            default -> BytesDecoder.INSTANCE;
        };
    }

    private static ValueDecoder numeric(Type target) {
        if (target.typeId() == TypeID.DECIMAL) {
            Types.DecimalType decimal = (Types.DecimalType) target;
            return new DecimalDecoder(decimal.precision(), decimal.scale());
        }
        return NumericTextDecoder.INSTANCE;
    }
}
