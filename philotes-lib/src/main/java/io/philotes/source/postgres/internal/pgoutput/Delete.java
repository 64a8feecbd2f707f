// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres.internal.pgoutput;

/**
 * A row was deleted. Immutable.
 *
 * @param relation oid, unsigned
 * @param oldKind {@code 'K'} for a key, {@code 'O'} for a whole row
 * @param oldTuple the old key or row
 */
public record Delete(int relation, byte oldKind, TupleRange oldTuple) implements PgOutputMessage {}
