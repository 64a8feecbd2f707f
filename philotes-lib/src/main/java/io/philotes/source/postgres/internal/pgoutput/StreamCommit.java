// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres.internal.pgoutput;

import io.philotes.model.Lsn;

/**
 * A transaction that was sent while it was open has committed: what was sent of it, but for its aborted subtransactions, is so.
 * Immutable.
 *
 * @param xid the top-level transaction, unsigned
 * @param commitLsn position of the commit record
 * @param endLsn position behind it
 * @param commitMicros commit time, µs since 2000-01-01 UTC as on the wire
 */
public record StreamCommit(int xid, Lsn commitLsn, Lsn endLsn, long commitMicros) implements PgOutputMessage {}
