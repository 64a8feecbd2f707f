// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres.internal.pgoutput;

/**
 * A column as the Relation message tells it. Immutable.
 *
 * @param key whether it is part of the replica identity
 * @param name the column's name
 * @param typeOid the type, unsigned; a domain's own oid
 * @param typeModifier {@code atttypmod}
 */
public record RelationColumn(boolean key, String name, int typeOid, int typeModifier) {}
