// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.part;

import java.sql.SQLException;

/** Something that takes a stream to its end. For one thread. */
interface Part extends AutoCloseable {

    /** Returns when it has everything, and is still connected. */
    void drain() throws Exception;

    @Override
    void close() throws SQLException;
}
