// SPDX-License-Identifier: Apache-2.0
package io.philotes.spring.properties;

import io.philotes.spring.InvalidPropertiesException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.origin.Origin;

/** Collects what is wrong with the properties. Used by one thread. */
final class PropertyFaults {

    private final List<String> found = new ArrayList<>();

    /** @param message what is wrong; holds no secret */
    void add(String property, Optional<Origin> origin, String message) {
        found.add(property + ": " + message + origin.map(at -> " (" + at + ")").orElse(""));
    }

    int count() {
        return found.size();
    }

    void throwIfAny() {
        if (!found.isEmpty()) {
            throw new InvalidPropertiesException(found);
        }
    }
}
