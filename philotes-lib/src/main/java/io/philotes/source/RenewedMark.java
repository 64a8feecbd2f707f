// SPDX-License-Identifier: Apache-2.0
package io.philotes.source;

import io.philotes.model.Lsn;
import io.philotes.model.SourceMark;
import java.util.Objects;

/**
 * A mark that was just left in a source. Immutable.
 *
 * @param mark by what the source is known again
 * @param at the WAL's end after it was left: who holds everything up to here may demand to find it
 */
public record RenewedMark(SourceMark mark, Lsn at) {

    public RenewedMark {
        Objects.requireNonNull(mark, "mark");
        Objects.requireNonNull(at, "at");
    }
}
