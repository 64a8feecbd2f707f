// SPDX-License-Identifier: Apache-2.0
package io.philotes.model;

import java.util.Objects;
import java.util.Optional;

/**
 * One published column. Its identity is (relation, {@code attnum}): a rename keeps it, a drop and re-add does not.
 * Immutable.
 *
 * @param name the name, unquoted
 * @param attnum {@code pg_attribute.attnum}, positive
 * @param type the type, domains resolved
 * @param typeModifier {@code atttypmod} (of the base type for a domain), -1 for none; carries a numeric's precision and scale
 * @param notNull whether the catalog says NOT NULL
 * @param missingValue what rows older than the column show at the source instead of NULL, as the type's text
 *     ({@code pg_attribute.attmissingval}); empty for NULL. Does not tell of values that a rewrite of the table put there
 */
public record Column(
        String name, int attnum, PgType type, int typeModifier, boolean notNull, Optional<String> missingValue) {

    public Column {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(missingValue, "missingValue");
        if (attnum < 1) {
            throw new IllegalArgumentException("attnum must be positive: " + attnum + ", column=" + name);
        }
    }

    /** A nullable column without a type modifier. */
    public static Column of(String name, int attnum, PgType type) {
        return new Column(name, attnum, type, -1, false, Optional.empty());
    }
}
