// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres.internal.pgoutput;

/**
 * Where a TupleData lies in its message. Immutable.
 *
 * @param offset of its column count
 * @param length in bytes
 * @param columns how many columns it has
 */
public record TupleRange(int offset, int length, int columns) {}
