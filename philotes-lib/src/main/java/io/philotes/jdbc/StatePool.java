// SPDX-License-Identifier: Apache-2.0
package io.philotes.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.util.Properties;
import javax.sql.DataSource;
import org.postgresql.Driver;

/**
 * A pool of connections to one database, which it opens when they are wanted and lets go when they are not. Thread-safe; not
 * public API. Who has a {@link DataSource} of his own does not need it, nor HikariCP.
 */
public final class StatePool implements AutoCloseable {

    private static final long CONNECT_MILLIS = 10_000;

    private final HikariDataSource pool;

    private StatePool(HikariDataSource pool) {
        this.pool = pool;
    }

    /**
     * Nothing is connected yet.
     *
     * @param url JDBC URL without parameters
     * @param properties of the driver: user, password, sslmode and the like
     * @param largest at most so many connections; buffers and their readers keep theirs
     */
    public static StatePool open(String url, Properties properties, int largest) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("philotes-state");
        config.setJdbcUrl(url);
        properties.forEach((key, value) -> config.addDataSourceProperty(key.toString(), value));
        config.addDataSourceProperty("connectTimeout", Long.toString(CONNECT_MILLIS / 1000));
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.addDataSourceProperty("gssEncMode", "disable");
        config.addDataSourceProperty("logServerErrorDetail", "false");
        config.setConnectionTimeout(CONNECT_MILLIS);
        config.setInitializationFailTimeout(-1);
        config.setMinimumIdle(0);
        config.setMaximumPoolSize(largest);
        return new StatePool(new HikariDataSource(config));
    }

    /** @throws IllegalArgumentException when the driver does not know what to make of the URL */
    public static void requireUrl(String url) {
        if (Driver.parseURL(url, null) == null) {
            throw new IllegalArgumentException(
                    "url does not fit: it must read jdbc:postgresql://host:port/database, with a port from 1 to 65535");
        }
    }

    /** The pool itself, which {@link #close} ends. */
    public DataSource source() {
        return pool;
    }

    @Override
    public void close() {
        pool.close();
    }
}
