// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** What the build brought. Stateless. */
final class Versions {

    private Versions() {}

    /** Of the PostgreSQL that is started here. */
    static String postgres() throws IOException {
        Properties properties = new Properties();
        try (InputStream file = Versions.class.getResourceAsStream("/benchmark-versions.properties")) {
            properties.load(file);
        }
        return properties.getProperty("postgres");
    }
}
