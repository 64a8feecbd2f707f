// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.model.TableFacts;
import io.philotes.model.TablePicture;

/**
 * A table at one moment, as the server sends it and as it is given on. Immutable.
 *
 * @param relation its shape, in both ways
 * @param facts what else is known of it
 */
record RuledPicture(RuledRelation relation, TableFacts facts) {

    TablePicture wire() {
        return new TablePicture(relation.wire(), facts);
    }

    TablePicture given() {
        return new TablePicture(relation.given(), facts);
    }
}
