// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.yaml;

import org.yaml.snakeyaml.error.Mark;

/**
 * A place in the file, counted from 1. Immutable.
 *
 * @param line the line
 * @param column the column
 */
record Place(int line, int column) {

    static final Place START = new Place(1, 1);

    /** A mark may be null where the parser had none. */
    static Place of(Mark mark) {
        return mark == null ? START : new Place(mark.getLine() + 1, mark.getColumn() + 1);
    }
}
