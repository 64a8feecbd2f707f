// SPDX-License-Identifier: Apache-2.0
package io.philotes.samples.sqlite;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * One statement that waits for the commit. Immutable.
 *
 * @param sql with a mark for each value
 * @param values null for NULL
 * @param rows how many rows it must touch, or {@link #ANY}: another number means that file and source differ
 */
record Step(String sql, List<Object> values, int rows) {

    static final int ANY = -1;

    Step {
        values = Collections.unmodifiableList(new ArrayList<>(values));
    }
}
