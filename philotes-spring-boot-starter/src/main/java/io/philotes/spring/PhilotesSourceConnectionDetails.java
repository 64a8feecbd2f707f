// SPDX-License-Identifier: Apache-2.0
package io.philotes.spring;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/**
 * Where a source is that has no {@code url} of its own. By default what the application's {@code DataSource} is made of
 * ({@code spring.datasource.*}, or a service connection). The pool itself is never used: replication needs connections of its
 * own. Asked from any thread.
 */
public interface PhilotesSourceConnectionDetails extends ConnectionDetails {

    /** A URL of PostgreSQL's driver; of its parameters those count that protect the connection, and the credentials. */
    String getJdbcUrl();

    /** The role, or null for that of the URL. */
    String getUsername();

    /** Its password, asked for at each connection; or null for that of the URL, or none. */
    String getPassword();
}
