// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres.internal.pgoutput;

/**
 * A row was updated. Immutable.
 *
 * @param relation oid, unsigned
 * @param oldKind {@code 'K'} for a key, {@code 'O'} for a whole row, 0 for none
 * @param oldTuple the old key or row; null when {@code oldKind} is 0
 * @param newTuple the row
 */
public record Update(int relation, byte oldKind, TupleRange oldTuple, TupleRange newTuple) implements PgOutputMessage {}
