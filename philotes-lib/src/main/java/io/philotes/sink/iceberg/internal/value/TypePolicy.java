// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Column;
import io.philotes.model.PgType;
import io.philotes.model.RelationSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Type.TypeID;

/**
 * The types that the configuration chose for one table where the default is not wanted; a column's choice beats its type's.
 * What is chosen is {@code string}, the exact text that PostgreSQL prints, for any type, or {@code decimal(p,s)} for
 * {@code numeric}: what does not fit exactly is rejected, never rounded. Immutable.
 *
 * @param byType by PostgreSQL's type name, such as {@code timestamptz}, {@code int4[]} or {@code anyarray}
 * @param byColumn by the column's name in the source
 */
public record TypePolicy(Map<String, Type> byType, Map<String, Type> byColumn) {

    /** Every type as {@link TypeMapping#of} has it. */
    public static final TypePolicy NONE = new TypePolicy(Map.of(), Map.of());

    public TypePolicy {
        byType = Map.copyOf(byType);
        byColumn = Map.copyOf(byColumn);
    }

    /** What becomes of a column. Throws SCHEMA_CHANGE when the choice cannot be made for its type. */
    public TypeMapping mapping(Column column) {
        Type own = byColumn.get(column.name());
        if (own == null) {
            return byTypes(column.type(), column.typeModifier());
        }
        problem(column, own).ifPresent(why -> {
            throw new PhilotesException(ErrorCode.SCHEMA_CHANGE, "Cannot keep column " + why);
        });
        return chosen(column.type(), column.typeModifier(), own);
    }

    private TypeMapping byTypes(PgType type, int typeModifier) {
        Optional<Type> whole = ofType(type);
        TypeMapping plain = TypeMapping.of(type, typeModifier);
        if (whole.isPresent()) {
            return whole.get().typeId() == plain.type().typeId() ? plain : chosen(type, typeModifier, whole.get());
        }
        return plain.type().isListType()
                ? TypeMapping.listOf(byTypes(type.element().orElseThrow(), typeModifier))
                : plain;
    }

    private Optional<Type> ofType(PgType type) {
        Type named = byType.get(type.name());
        boolean isArray = type.kind() == PgType.Kind.ARRAY;
        return Optional.ofNullable(named == null && isArray ? byType.get(TypeChoice.ANY_ARRAY) : named);
    }

    private static TypeMapping chosen(PgType type, int typeModifier, Type target) {
        TypeMapping plain = TypeMapping.of(type, typeModifier);
        if (plain.type().equals(target)) {
            return plain;
        }
        if (target.typeId() == TypeID.STRING) {
            return new TypeMapping(target, "by policy, " + TypeMapping.AS_TEXT);
        }
        String text = "by policy, what does not fit exactly is rejected, and so are NaN and infinity";
        boolean keepsZeros = plain.type().typeId() == TypeID.DECIMAL;
        return new TypeMapping(target, keepsZeros ? text : text + "; how many zeros ended the fraction is not kept");
    }

    /**
     * Whether values of the column can go on into a field of {@code existing} type, so that they are what they are meant to
     * be: for a chosen type that type itself, otherwise as {@link TypeMapping#canHold} says.
     */
    public boolean canHold(Column column, Type existing) {
        return isChosen(column)
                ? sameShape(mapping(column).type(), existing)
                : TypeMapping.canHold(column.type(), column.typeModifier(), existing);
    }

    private boolean isChosen(Column column) {
        Type plain = TypeMapping.of(column.type(), column.typeModifier()).type();
        return byColumn.containsKey(column.name())
                || !sameShape(plain, mapping(column).type());
    }

    private static boolean sameShape(Type one, Type other) {
        if (one.isListType() && other.isListType()) {
            return sameShape(one.asListType().elementType(), other.asListType().elementType());
        }
        return one.equals(other);
    }

    /**
     * What of the choices makes no sense for a table, each named with its column; empty when all do.
     *
     * @param keyed whether rows are told apart by the relation's key, so that its values must stay what they are
     */
    public List<String> faults(RelationSchema relation, boolean keyed) {
        List<String> faults = new ArrayList<>();
        for (int i = 0; i < relation.columns().size(); i++) {
            Column column = relation.columns().get(i);
            Optional<String> problem = Optional.ofNullable(byColumn.get(column.name()))
                    .flatMap(own -> problem(column, own))
                    .map(why -> "column " + why);
            boolean isKey = keyed && relation.keyColumns().contains(i);
            problem.or(() -> isKey ? lossyKey(column) : Optional.empty()).ifPresent(faults::add);
        }
        return faults;
    }

    /** Columns that a type is chosen for and that a table does not have. */
    public List<String> missing(RelationSchema relation) {
        List<String> names = relation.columns().stream().map(Column::name).toList();
        return byColumn.keySet().stream()
                .filter(name -> !names.contains(name))
                .sorted()
                .toList();
    }

    private static Optional<String> problem(Column column, Type own) {
        boolean sensible = own.typeId() == TypeID.STRING || column.type().name().equals("numeric");
        return sensible
                ? Optional.empty()
                : Optional.of(column.name() + " of type " + column.type().name() + " as " + own
                        + ": only numeric can be, other types can be string");
    }

    private Optional<String> lossyKey(Column column) {
        Type chosen = mapping(column).type();
        boolean lossy =
                chosen.typeId() == TypeID.DECIMAL && !TypeMapping.canHold(column.type(), column.typeModifier(), chosen);
        return lossy
                ? Optional.of("key column " + column.name() + " as " + chosen
                        + ": a key must keep every value as it is; choose string for it")
                : Optional.empty();
    }

    /**
     * Insists that the choices make sense.
     *
     * @param code of the exception that names every fault
     */
    public void requireSensible(RelationSchema relation, boolean keyed, ErrorCode code) {
        List<String> faults = faults(relation, keyed);
        if (!faults.isEmpty()) {
            throw new PhilotesException(code, "Cannot choose types as configured: " + String.join("; ", faults))
                    .inTable(relation.table());
        }
    }
}
