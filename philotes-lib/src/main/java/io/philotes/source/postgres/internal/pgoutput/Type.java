// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres.internal.pgoutput;

/**
 * A type that is not built in, by name. Immutable.
 *
 * @param oid the type's oid, unsigned
 * @param namespace its schema
 * @param name its name
 */
public record Type(int oid, String namespace, String name) implements PgOutputMessage {}
