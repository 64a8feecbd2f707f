// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres.internal.pgoutput;

/**
 * A transaction that was sent while it was open, or a subtransaction of one, was rolled back. Immutable.
 *
 * @param xid the top-level transaction, unsigned
 * @param subxid what was rolled back; the same as {@code xid} for all of it
 */
public record StreamAbort(int xid, int subxid) implements PgOutputMessage {}
