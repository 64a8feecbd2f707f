// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.postgres;

import io.philotes.model.Lsn;
import java.util.List;

/**
 * What the tables say of a buffer when it is taken. Immutable.
 *
 * @param appendedUpTo end of the last whole transaction, or of a progress mark behind it
 * @param trimmedUpTo how far was trimmed when tables were last dropped
 * @param lastSeq number of the last row of a whole transaction
 * @param segments oldest first
 * @param newestIsSealed whether there were others behind the newest one: they are dropped, and what is here is only left over
 */
record StoredState(Lsn appendedUpTo, Lsn trimmedUpTo, long lastSeq, List<Segment> segments, boolean newestIsSealed) {}
