// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink;

import io.philotes.model.SequenceNumber;
import java.util.Objects;
import java.util.Optional;

/**
 * What a target durably says of rows that were set aside; it changes only in the commit that makes it true. Immutable.
 *
 * @param from rows set aside before this place are void: the table was emptied or copied again there
 * @param lastReplay name of the newest replay that is in the table; empty for none
 * @param open which rows set aside wait still, of those before the newest commit's position
 */
public record ParkingRecord(Optional<SequenceNumber> from, String lastReplay, ParkedDigest open) {

    /** Nothing was ever set aside. */
    public static final ParkingRecord NONE = new ParkingRecord(Optional.empty(), "", ParkedDigest.NONE);

    public ParkingRecord {
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(lastReplay, "lastReplay");
        Objects.requireNonNull(open, "open");
    }
}
