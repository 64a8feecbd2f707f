// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import io.philotes.model.TableId;

/** A table's name as one types it at a shell. Stateless. */
public final class ShellName {

    private static final String PLAIN = "[A-Za-z0-9_]+";

    private ShellName() {}

    /** Reads back as the same table; quoted only where it must be. */
    public static String of(TableId table) {
        if (table.schema().matches(PLAIN) && table.name().matches(PLAIN)) {
            return table.toString();
        }
        return "'" + table.toSql().replace("'", "'\\''") + "'";
    }
}
