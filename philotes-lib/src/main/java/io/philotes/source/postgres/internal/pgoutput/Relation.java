// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres.internal.pgoutput;

import java.util.List;

/**
 * A relation's shape, sent before its first change and after anything about it may have changed. Immutable.
 *
 * @param oid the relation's oid, unsigned
 * @param namespace the schema; the wire's empty string, which means {@code pg_catalog}, is spelled out
 * @param name the relation's name
 * @param identity the letter of {@code relreplident}
 * @param columns the published columns, in attribute order
 */
public record Relation(int oid, String namespace, String name, char identity, List<RelationColumn> columns)
        implements PgOutputMessage {

    public Relation {
        columns = List.copyOf(columns);
    }
}
