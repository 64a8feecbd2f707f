// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.source.postgres.internal.socket.InterruptibleSocketFactory;
import java.util.Properties;

/**
 * How a server is spoken to that nobody has configured yet: it is told nothing of this machine, may send only so much, and is
 * left when the thread is interrupted. Stateless.
 */
final class Stranger {

    private Stranger() {}

    static void restrain(Properties properties, SourceSettings.Server server) {
        // Empty: none, not even those in the home directory.
        properties.setProperty("sslcert", "");
        properties.setProperty("sslkey", "");
        // No ticket of this process.
        properties.setProperty("requireAuth", "none,password,md5,scram-sha-256");
        properties.setProperty("maxResultBuffer", "16M");
        boolean verifies = server.sslMode() == SslMode.VERIFY_CA || server.sslMode() == SslMode.VERIFY_FULL;
        if (verifies && server.sslRootCert().isEmpty()) {
            // The authorities that Java trusts: the driver would look into the home directory.
            properties.setProperty("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
        }
        if (server.socket().isEmpty()) {
            InterruptibleSocketFactory.use(properties);
        }
    }
}
