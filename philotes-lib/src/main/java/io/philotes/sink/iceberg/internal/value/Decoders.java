// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
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
        if (target.typeId() == TypeID.STRING) {
            return text(type);
        }
        return base(type.name(), target);
    }

    /** Into the text that the output function prints. */
    private static ValueDecoder text(PgType type) {
        return switch (type.kind()) {
            case BASE -> textOfBase(type.name());
            case ARRAY ->
                new ArrayPrinter(
                        text(type.element().orElseThrow()),
                        BinaryForms.known(type.element().orElseThrow()));
            case ENUM, OTHER -> BytesDecoder.INSTANCE;
        };
    }

    private static ValueDecoder textOfBase(String name) {
        return switch (name) {
            case "bool" -> PrintingDecoder.BOOL;
            case "int2" -> PrintingDecoder.INT2;
            case "int4" -> PrintingDecoder.INT4;
            case "int8" -> PrintingDecoder.INT8;
            case "oid" -> PrintingDecoder.OID;
            case "float4" -> PrintingDecoder.FLOAT4;
            case "float8" -> PrintingDecoder.FLOAT8;
            case "numeric" -> NumericTextDecoder.INSTANCE;
            case "bytea" -> PrintingDecoder.BYTEA;
            case "date" -> PrintingDecoder.DATE;
            case "time" -> PrintingDecoder.TIME;
            case "timestamp" -> PrintingDecoder.TIMESTAMP;
            case "timestamptz" -> PrintingDecoder.TIMESTAMPTZ;
            case "uuid" -> PrintingDecoder.UUID;
            case "jsonb" -> JsonbDecoder.INSTANCE;
            case "char" -> CharDecoder.INSTANCE;
            default -> BytesDecoder.INSTANCE;
        };
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
            case "numeric" -> decimal((Types.DecimalType) target);
            case "bytea" -> ByteaDecoder.INSTANCE;
            case "date" -> DateDecoder.INSTANCE;
            case "time" -> TimeDecoder.INSTANCE;
            case "timestamp" -> TimestampDecoder.WITHOUT_ZONE;
            case "timestamptz" -> TimestampDecoder.WITH_ZONE;
            case "uuid" -> UuidDecoder.INSTANCE;
            default -> throw new PhilotesException(ErrorCode.DEFECT, "Cannot decode " + name + " into " + target);
        };
    }

    private static ValueDecoder decimal(Types.DecimalType target) {
        return new DecimalDecoder(target.precision(), target.scale());
    }
}
