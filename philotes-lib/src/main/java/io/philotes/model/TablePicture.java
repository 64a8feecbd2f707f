// SPDX-License-Identifier: Apache-2.0
package io.philotes.model;

import java.util.Objects;

/**
 * A table as the source's catalog showed it at one place of the stream, or in one exported snapshot. Immutable.
 *
 * @param relation its shape
 * @param facts what else tells whether its rows are those that the stream told of
 */
public record TablePicture(RelationSchema relation, TableFacts facts) {

    public TablePicture {
        Objects.requireNonNull(relation, "relation");
        Objects.requireNonNull(facts, "facts");
    }

    /** A shape of which nothing else is known. */
    public static TablePicture of(RelationSchema relation) {
        return new TablePicture(relation, TableFacts.NONE);
    }
}
