// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.model.PgType;
import java.util.Locale;
import java.util.Set;

/** What happens to the values of one column, the milder first: of two rules for a column the stricter holds. */
enum ColumnRule {
    KEEP,
    PARTIAL,
    SHA256,
    NULL,
    EXCLUDE;

    /** Types whose send function gives the bytes of their text. */
    private static final Set<String> TEXTUAL = Set.of("text", "varchar", "bpchar", "name", "json");

    static ColumnRule of(Mask mask) {
        return valueOf(mask.name());
    }

    /** In the rules' text. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    ColumnRule stricter(ColumnRule other) {
        return compareTo(other) >= 0 ? this : other;
    }

    boolean isMask() {
        return this == PARTIAL || this == SHA256 || this == NULL;
    }

    /** Whether it reads the value's text. */
    boolean readsText() {
        return this == PARTIAL || this == SHA256;
    }

    /** Whether rows can still be told apart by a key with such a column. */
    boolean keepsIdentity() {
        return this == KEEP || this == SHA256;
    }

    /** Whether binary and text form of the type are the same bytes. */
    static boolean isTextual(PgType type) {
        return type.kind() == PgType.Kind.ENUM || type.kind() == PgType.Kind.BASE && TEXTUAL.contains(type.name());
    }
}
