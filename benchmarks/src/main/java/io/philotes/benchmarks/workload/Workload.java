// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.workload;

import java.sql.SQLException;
import java.util.List;

/** What happens at the source. Implementations are immutable, and write the same each time. */
public interface Workload {

    /** As it is asked for on the command line. */
    String name();

    /** Changes that take a walsender of our days five to fifteen seconds. */
    long defaultRows();

    /** Which are mirrored. */
    List<SourceTable> tables();

    /** Fills the tables, which are there and empty, with what is in them before the first change that is measured. */
    default void load(SourceSession source, long rows) throws SQLException {}

    /** Changes a row of each table that {@link #load} filled and whose rows change later, as it would have happened long before. */
    default void touch(SourceSession source) throws SQLException {}

    /**
     * Makes about {@code rows} changes, in committed transactions.
     *
     * @return how many row changes were committed, exactly
     */
    long change(SourceSession source, long rows) throws SQLException;
}
