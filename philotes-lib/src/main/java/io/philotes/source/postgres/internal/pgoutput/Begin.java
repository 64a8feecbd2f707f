// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres.internal.pgoutput;

import io.philotes.model.Lsn;

/**
 * A transaction begins. Immutable.
 *
 * @param finalLsn position of its commit record
 * @param commitMicros commit time, µs since 2000-01-01 UTC as on the wire
 * @param xid transaction id, unsigned
 */
public record Begin(Lsn finalLsn, long commitMicros, int xid) implements PgOutputMessage {}
