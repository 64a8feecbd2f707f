// SPDX-License-Identifier: Apache-2.0
package io.philotes.jdbc;

/** The tables of earlier versions, for tests of upgrades. */
public final class MigrationsUpTo {

    private MigrationsUpTo() {}

    /** The statements of every step up to this one. */
    public static String step(int last, String schema) {
        return Migrations.ddl(
                schema,
                Migrations.steps().stream().filter(s -> s.number() <= last).toList());
    }
}
