// SPDX-License-Identifier: Apache-2.0
package io.philotes.model;

import java.util.Set;

/**
 * Which types have a binary wire form that Philotes decodes. In table copies and binary streams a value of any other type
 * is its exact text, also where it is flagged {@link TupleView#BINARY}. Stateless.
 */
public final class BinaryForms {

    private static final Set<String> KNOWN = Set.of(
            "bool",
            "int2",
            "int4",
            "int8",
            "oid",
            "float4",
            "float8",
            "numeric",
            "text",
            "varchar",
            "bpchar",
            "name",
            "char",
            "bytea",
            "date",
            "time",
            "timestamp",
            "timestamptz",
            "uuid",
            "json",
            "jsonb");

    private BinaryForms() {}

    /** Whether values of this type come in their binary form where they are flagged binary. */
    public static boolean known(PgType type) {
        return switch (type.kind()) {
            case BASE -> KNOWN.contains(type.name());
            case ENUM -> true;
            case ARRAY -> type.element().filter(BinaryForms::knownElement).isPresent();
            case OTHER -> false;
        };
    }

    private static boolean knownElement(PgType element) {
        return element.kind() != PgType.Kind.ARRAY && known(element);
    }
}
