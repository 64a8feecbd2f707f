// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres.internal.pgoutput;

import java.util.List;

/**
 * Tables were emptied. Immutable.
 *
 * @param options 1 for CASCADE, 2 for RESTART IDENTITY; tables that CASCADE reached are listed by the server
 * @param relations oids, unsigned
 */
public record Truncate(byte options, List<Integer> relations) implements PgOutputMessage {

    public Truncate {
        relations = List.copyOf(relations);
    }
}
