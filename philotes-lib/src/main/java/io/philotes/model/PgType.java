// SPDX-License-Identifier: Apache-2.0
package io.philotes.model;

import java.util.Objects;
import java.util.Optional;

/**
 * A PostgreSQL type as far as it decides how a value is read. Domains never appear here: the source resolves them to their
 * base type. Immutable.
 *
 * @param oid the type's oid ({@code pg_type.oid}), unsigned in an int; extension and user types differ per database
 * @param name the type's name as PostgreSQL spells it, such as {@code int4}; schema-qualified outside {@code pg_catalog}
 * @param kind what sort of type it is
 * @param element the element type of an {@link Kind#ARRAY}; empty otherwise
 */
public record PgType(int oid, String name, Kind kind, Optional<PgType> element) {

    /** The sorts that matter for reading a value. */
    public enum Kind {
        /** A plain type, built in or from an extension. */
        BASE,
        /** An enumeration: an open set of labels. */
        ENUM,
        /** A true array type with a known element. */
        ARRAY,
        /** Composite, range, multirange and whatever else: carried as exact text. */
        OTHER
    }

    public PgType {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(kind, "kind");
        if (element.isPresent() != (kind == Kind.ARRAY)) {
            throw new IllegalArgumentException("an array type, and only that, has an element: " + name);
        }
    }

    /** A type of which only oid and name count. */
    public static PgType base(int oid, String name) {
        return new PgType(oid, name, Kind.BASE, Optional.empty());
    }

    /** An array of another type. */
    public static PgType arrayOf(int oid, PgType element) {
        return new PgType(oid, element.name() + "[]", Kind.ARRAY, Optional.of(element));
    }

    /** An enum, which travels as its label. */
    public static PgType enumeration(int oid, String name) {
        return new PgType(oid, name, Kind.ENUM, Optional.empty());
    }

    /** A type of any other kind, which travels as text. */
    public static PgType other(int oid, String name) {
        return new PgType(oid, name, Kind.OTHER, Optional.empty());
    }
}
