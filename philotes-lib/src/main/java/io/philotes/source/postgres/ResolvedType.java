// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.model.PgType;

/**
 * A type with its domains taken off. Immutable.
 *
 * @param type the base type
 * @param typeModifier the modifier that a domain on the way fixed; -1 for none
 */
record ResolvedType(PgType type, int typeModifier) {

    /** A column's modifier: its own, or the domain's. */
    int modifierFor(int own) {
        return own != -1 ? own : typeModifier;
    }
}
