// SPDX-License-Identifier: Apache-2.0
package io.philotes.model;

import java.util.Objects;

/**
 * A mark that was left in a source: a database that was put back to an earlier time shows a smaller number, however equal
 * everything else about it may be. Immutable.
 *
 * @param id random, made once
 * @param counter rises each time the mark is renewed
 */
public record Incarnation(String id, long counter) {

    public Incarnation {
        Objects.requireNonNull(id, "id");
        if (counter < 0) {
            throw new IllegalArgumentException("a counter is not negative: " + counter);
        }
    }

    /** The one behind this, of the same source. */
    public Incarnation next() {
        return new Incarnation(id, counter + 1);
    }
}
