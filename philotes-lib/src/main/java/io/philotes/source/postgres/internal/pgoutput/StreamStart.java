// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres.internal.pgoutput;

/**
 * What follows is of one transaction that is still open, up to {@link StreamStop}; each message there has a transaction id of
 * its own behind its kind, but for Origin. Immutable.
 *
 * @param xid the top-level transaction, unsigned
 * @param first whether nothing of it was sent before
 */
public record StreamStart(int xid, boolean first) implements PgOutputMessage {}
