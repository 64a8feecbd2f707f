// SPDX-License-Identifier: Apache-2.0
package io.philotes.spring.autoconfigure;

import io.philotes.spring.PhilotesSourceConnectionDetails;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

/** What the application's {@code DataSource} is made of. */
final class JdbcSourceConnectionDetails implements PhilotesSourceConnectionDetails {

    private final JdbcConnectionDetails application;

    JdbcSourceConnectionDetails(JdbcConnectionDetails application) {
        this.application = application;
    }

    @Override
    public String getJdbcUrl() {
        return application.getJdbcUrl();
    }

    @Override
    public String getUsername() {
        return application.getUsername();
    }

    @Override
    public String getPassword() {
        return application.getPassword();
    }
}
