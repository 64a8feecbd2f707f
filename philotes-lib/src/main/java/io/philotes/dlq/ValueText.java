// SPDX-License-Identifier: Apache-2.0
package io.philotes.dlq;

import io.philotes.model.PgType;
import java.util.Optional;

/** Prints values of the wire for people. Thread-safe. */
@FunctionalInterface
public interface ValueText {

    /** Prints nothing: bytes stay bytes. */
    ValueText NONE = (type, kind, source, offset, length) -> Optional.empty();

    /**
     * The value as PostgreSQL would print it; empty when that is not known.
     *
     * @param kind {@link io.philotes.model.TupleView#TEXT} or {@link io.philotes.model.TupleView#BINARY}
     */
    Optional<String> of(PgType type, byte kind, byte[] source, int offset, int length);
}
