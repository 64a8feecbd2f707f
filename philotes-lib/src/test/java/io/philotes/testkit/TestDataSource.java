// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit;

import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Connections of the superuser to a test server, each one new. */
public final class TestDataSource {

    private TestDataSource() {}

    public static DataSource of(TestPostgres postgres, String database) {
        return of(postgres.url(database), "postgres", "postgres");
    }

    public static DataSource of(String url, String user, String password) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        source.setUser(user);
        source.setPassword(password);
        source.setConnectTimeout(5);
        return source;
    }
}
