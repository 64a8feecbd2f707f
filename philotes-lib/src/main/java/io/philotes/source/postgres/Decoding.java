// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import java.util.Optional;

/**
 * What becomes of a relation's changes. Immutable.
 *
 * @param relation the version that decodes them; empty when they are passed over
 * @param trouble the relation by its name, and why its changes are passed over although they are wanted
 */
record Decoding(Optional<RuledRelation> relation, Optional<TableTold> trouble) {

    /** Nobody wants them. */
    static final Decoding UNWANTED = new Decoding(Optional.empty(), Optional.empty());

    static Decoding by(RuledRelation relation) {
        return new Decoding(Optional.of(relation), Optional.empty());
    }

    static Decoding impossible(TableTold trouble) {
        return new Decoding(Optional.empty(), Optional.of(trouble));
    }
}
