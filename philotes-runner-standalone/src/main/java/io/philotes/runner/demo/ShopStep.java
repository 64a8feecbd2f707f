// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.demo;

import java.sql.SQLException;

/** What one transaction does. */
@FunctionalInterface
interface ShopStep {

    void run(ShopSql sql) throws SQLException;
}
