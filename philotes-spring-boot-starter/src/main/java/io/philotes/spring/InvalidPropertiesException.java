// SPDX-License-Identifier: Apache-2.0
package io.philotes.spring;

import java.util.List;

/** The properties under {@code philotes} cannot be used. Holds no secret. Immutable. */
public final class InvalidPropertiesException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> faults;

    /** @param faults every one: the property, what is wrong with it, and where it stands */
    public InvalidPropertiesException(List<String> faults) {
        super("Cannot use the properties of Philotes: " + String.join("; ", faults));
        this.faults = List.copyOf(faults);
    }

    public List<String> faults() {
        return faults;
    }
}
