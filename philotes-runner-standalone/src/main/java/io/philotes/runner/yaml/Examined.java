// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.yaml;

import java.util.List;
import java.util.Optional;

/**
 * What a text that was sent is found to be. Immutable.
 *
 * @param value what it says; empty where there are faults, or something that decides is unresolved
 * @param faults everything that is wrong
 * @param unresolved references, which nobody looked up
 */
public record Examined<T>(Optional<T> value, List<Remark> faults, List<Remark> unresolved) {

    public Examined {
        faults = List.copyOf(faults);
        unresolved = List.copyOf(unresolved);
    }
}
