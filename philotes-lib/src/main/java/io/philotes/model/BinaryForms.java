// SPDX-License-Identifier: Apache-2.0
package io.philotes.model;

import java.util.Set;

/**
 * The one place that says which types travel in binary. For a known type a binary value is what the type's send function
 * gives. In a table copy, which is binary throughout, the value of any other type is its exact text in UTF-8 (which is also
 * the binary form of {@code text}); a stream with such a column runs in text form altogether. Stateless.
 *
 * <p>Hence a reader of a {@link TupleView#BINARY} value asks here: known means send form, unknown means UTF-8 text.
 */
public final class BinaryForms {

    private static final Set<String> KNOWN = Set.of(
            "bool",
            "int2",
            "int4",
            "int8",
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
            "jsonb",
            "oid");

    private BinaryForms() {}

    /** Whether values of this type travel in their send form; an enumeration's is its label, an array's needs its element's. */
    public static boolean known(PgType type) {
        return switch (type.kind()) {
            case BASE -> KNOWN.contains(type.name());
            case ENUM -> true;
            case ARRAY -> known(type.element().orElseThrow());
            case OTHER -> false;
        };
    }
}
