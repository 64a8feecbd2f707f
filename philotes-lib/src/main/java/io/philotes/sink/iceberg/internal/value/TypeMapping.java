// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import io.philotes.model.Column;
import io.philotes.model.PgType;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Type.TypeID;
import org.apache.iceberg.types.Types;

/**
 * What a PostgreSQL type becomes in Iceberg. Every type has a mapping; none loses a digit, and what Iceberg cannot hold is
 * the exact text of the type's output function. Immutable.
 *
 * @param type the Iceberg type; the element id of a list is a placeholder
 * @param note what somebody should know about the mapping; empty when every value has its exact counterpart
 */
public record TypeMapping(Type type, String note) {

    static final int MAX_DECIMAL_DIGITS = 38;

    static final String AS_TEXT = "kept as the exact text that PostgreSQL prints";

    private static final String FINITE = "infinity and what lies outside Iceberg's range is rejected";

    private static final Map<String, TypeMapping> SIMPLE = Map.ofEntries(
            exact("bool", Types.BooleanType.get()),
            exact("int2", Types.IntegerType.get()),
            exact("int4", Types.IntegerType.get()),
            exact("int8", Types.LongType.get()),
            exact("oid", Types.LongType.get()),
            exact("float4", Types.FloatType.get()),
            exact("float8", Types.DoubleType.get()),
            exact("text", Types.StringType.get()),
            exact("varchar", Types.StringType.get()),
            exact("bpchar", Types.StringType.get()),
            exact("name", Types.StringType.get()),
            exact("char", Types.StringType.get()),
            exact("json", Types.StringType.get()),
            exact("jsonb", Types.StringType.get()),
            exact("bytea", Types.BinaryType.get()),
            exact("uuid", Types.UUIDType.get()),
            Map.entry("date", new TypeMapping(Types.DateType.get(), "infinity is rejected")),
            Map.entry("time", new TypeMapping(Types.TimeType.get(), "24:00:00 is rejected")),
            Map.entry("timestamp", new TypeMapping(Types.TimestampType.withoutZone(), FINITE)),
            Map.entry("timestamptz", new TypeMapping(Types.TimestampType.withZone(), FINITE)));

    /** Types whose text follows the catalog: renaming an object changes stored values without a change in the stream. */
    private static final Set<String> NAMED_BY_CATALOG = Set.of(
            "regclass",
            "regcollation",
            "regconfig",
            "regdictionary",
            "regnamespace",
            "regoper",
            "regoperator",
            "regproc",
            "regprocedure",
            "regrole",
            "regtype");

    private static Map.Entry<String, TypeMapping> exact(String name, Type type) {
        return Map.entry(name, new TypeMapping(type, ""));
    }

    /** The mapping of a column's type and type modifier ({@code atttypmod}, -1 for none). */
    public static TypeMapping of(PgType type, int typeModifier) {
        return switch (type.kind()) {
            case BASE -> base(type, typeModifier);
            case ENUM ->
                new TypeMapping(Types.StringType.get(), "a label renamed later keeps its old text in old rows");
            case ARRAY -> array(type.element().orElseThrow(), typeModifier);
            case OTHER -> new TypeMapping(Types.StringType.get(), AS_TEXT);
        };
    }

    private static TypeMapping base(PgType type, int typeModifier) {
        if (type.name().equals("numeric")) {
            return numeric(typeModifier);
        }
        TypeMapping simple = SIMPLE.get(type.name());
        return simple != null ? simple : new TypeMapping(Types.StringType.get(), AS_TEXT);
    }

    /** The type as PostgreSQL writes it, with its modifier where that is known here: {@code numeric(10,2)}. */
    public static String sourceText(Column column) {
        PgType scalar = column.type().element().orElse(column.type());
        String name = scalar.name();
        int modifier = column.typeModifier();
        if (modifier >= 0) {
            name += switch (name) {
                case "numeric" -> "(" + numericPrecision(modifier) + "," + numericScale(modifier) + ")";
                case "varchar", "bpchar" -> "(" + (modifier - 4) + ")";
                case "bit", "varbit", "time", "timetz", "timestamp", "timestamptz" -> "(" + modifier + ")";
                default -> "";
            };
        }
        return column.type().element().isPresent() ? name + "[]" : name;
    }

    private static int numericPrecision(int typeModifier) {
        return (typeModifier - 4) >>> 16;
    }

    private static int numericScale(int typeModifier) {
        return (((typeModifier - 4) & 0x7ff) ^ 0x400) - 0x400;
    }

    /** {@code numeric(p,s)} with p - s integral digits; s may be negative or larger than p (PostgreSQL 15). */
    private static TypeMapping numeric(int typeModifier) {
        if (typeModifier < 4) {
            return new TypeMapping(Types.StringType.get(), "numeric without precision: " + AS_TEXT);
        }
        int precision = numericPrecision(typeModifier);
        int scale = numericScale(typeModifier);
        int digits = scale < 0 ? precision - scale : Math.max(precision, scale);
        if (digits > MAX_DECIMAL_DIGITS) {
            return new TypeMapping(Types.StringType.get(), "more than 38 digits: " + AS_TEXT);
        }
        return new TypeMapping(Types.DecimalType.of(digits, Math.max(scale, 0)), "NaN is rejected");
    }

    private static TypeMapping array(PgType element, int typeModifier) {
        if (!isListElement(element)) {
            return new TypeMapping(Types.StringType.get(), AS_TEXT);
        }
        return listOf(of(element, typeModifier));
    }

    /** A list of what the element becomes. */
    static TypeMapping listOf(TypeMapping of) {
        String shape = "arrays of more than one dimension or with a lower bound other than 1 are rejected";
        return new TypeMapping(
                Types.ListType.ofOptional(1, of.type()), of.note().isEmpty() ? shape : of.note() + "; " + shape);
    }

    /** Names of the types that have an Iceberg type of their own, {@code numeric} aside. */
    static Set<String> nativeTypes() {
        return SIMPLE.keySet();
    }

    private static boolean isListElement(PgType element) {
        return switch (element.kind()) {
            case BASE -> element.name().equals("numeric") || SIMPLE.containsKey(element.name());
            case ENUM -> true;
            case ARRAY, OTHER -> false;
        };
    }

    /** Whether slots hold values of an Iceberg type, lists of them aside. */
    static boolean isScalar(Type type) {
        return switch (type.typeId()) {
            case BOOLEAN, INTEGER, LONG, FLOAT, DOUBLE, DECIMAL, STRING, BINARY, UUID, DATE, TIME, TIMESTAMP -> true;
            default -> false;
        };
    }

    /** Whether every value of the type is kept: as what it is, or as its exact text. */
    public boolean isExact() {
        return note.isEmpty() || type.typeId() == TypeID.STRING;
    }

    /**
     * Whether values of this PostgreSQL type can go on into a column of {@code existing} type without loss: the mapping's
     * own type, one it widens to, or text where the type is text or numeric.
     */
    public static boolean canHold(PgType type, int typeModifier, Type existing) {
        return holds(type, of(type, typeModifier).type(), existing);
    }

    private static boolean holds(PgType type, Type mapped, Type existing) {
        if (mapped.isListType() && existing.isListType()) {
            PgType element = type.element().orElseThrow();
            return holds(
                    element,
                    mapped.asListType().elementType(),
                    existing.asListType().elementType());
        }
        if (mapped.isNestedType() || existing.isNestedType()) {
            return false;
        }
        return mapped.equals(existing)
                || widens(mapped, existing)
                || scalesUp(mapped, existing)
                || (type.name().equals("numeric") && existing.typeId() == TypeID.STRING);
    }

    private static boolean scalesUp(Type mapped, Type existing) {
        if (mapped.typeId() != TypeID.DECIMAL || existing.typeId() != TypeID.DECIMAL) {
            return false;
        }
        Types.DecimalType from = (Types.DecimalType) mapped;
        Types.DecimalType to = (Types.DecimalType) existing;
        return to.scale() >= from.scale() && to.precision() - to.scale() >= from.precision() - from.scale();
    }

    /**
     * The type to which a column must be widened so that it goes on from {@code from} to {@code to}: {@code to} itself where
     * Iceberg allows that change in place, empty where it does not (or where nothing would change).
     */
    public static Optional<Type> promotion(Type from, Type to) {
        return widens(from, to) ? Optional.of(to) : Optional.empty();
    }

    private static boolean widens(Type from, Type to) {
        return switch (from.typeId()) {
            case INTEGER -> to.typeId() == TypeID.LONG;
            case FLOAT -> to.typeId() == TypeID.DOUBLE;
            case DECIMAL ->
                to.typeId() == TypeID.DECIMAL && widensDecimal((Types.DecimalType) from, (Types.DecimalType) to);
            default -> false;
        };
    }

    private static boolean widensDecimal(Types.DecimalType from, Types.DecimalType to) {
        return from.scale() == to.scale() && to.precision() > from.precision();
    }

    /** Why a column of this type, kept as {@code type}, cannot be part of a key; empty when it can. */
    public static Optional<String> keyProblem(PgType source, Type type) {
        if (type.typeId() == TypeID.FLOAT || type.typeId() == TypeID.DOUBLE) {
            return Optional.of("Iceberg allows no floating-point keys");
        }
        if (type.isNestedType()) {
            return Optional.of("an array cannot be a key");
        }
        if (NAMED_BY_CATALOG.contains(source.name())) {
            return Optional.of("the text of " + source.name() + " changes when the object it names is renamed");
        }
        return Optional.empty();
    }
}
