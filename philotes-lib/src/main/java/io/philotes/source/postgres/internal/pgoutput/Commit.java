// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres.internal.pgoutput;

import io.philotes.model.Lsn;

/**
 * A transaction ends. Immutable.
 *
 * @param commitLsn position of the commit record
 * @param endLsn position behind it
 * @param commitMicros commit time, µs since 2000-01-01 UTC as on the wire
 */
public record Commit(Lsn commitLsn, Lsn endLsn, long commitMicros) implements PgOutputMessage {}
