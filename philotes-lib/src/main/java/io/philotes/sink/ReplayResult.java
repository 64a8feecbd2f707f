// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink;

import io.philotes.model.SequenceNumber;
import java.util.List;

/**
 * What came of writing rows that had been set aside. Immutable.
 *
 * @param taken places of the rows whose effect the next commit makes durable: written, or made void by a later one of them
 * @param refused the others, each with its failure, or without when it waits behind one that failed
 */
public record ReplayResult(List<SequenceNumber> taken, List<ParkedRow> refused) {

    public ReplayResult {
        taken = List.copyOf(taken);
        refused = List.copyOf(refused);
    }
}
