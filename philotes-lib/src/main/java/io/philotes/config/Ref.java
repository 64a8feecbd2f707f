// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import java.util.Optional;

/**
 * A part that is named here and written elsewhere, or written in place. Immutable; exactly one of the two is there.
 *
 * @param name the name of a shared part
 * @param inline the part itself
 * @param <T> the part's type
 */
public record Ref<T>(Optional<String> name, Optional<T> inline) {

    public Ref {
        if (name.isPresent() == inline.isPresent()) {
            throw new IllegalArgumentException("must be a name or the part itself");
        }
    }

    /** A part that is named, and defined elsewhere. */
    public static <T> Ref<T> to(String name) {
        return new Ref<>(Optional.of(name), Optional.empty());
    }

    /** A part that is defined in place. */
    public static <T> Ref<T> inline(T part) {
        return new Ref<>(Optional.empty(), Optional.of(part));
    }
}
