// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Which versions this is made of; written into {@code versions.properties} by the build. Immutable. */
record Versions(String philotes, String iceberg, String java) {

    static Versions ofBuild() {
        Properties properties = new Properties();
        try (InputStream resource = Versions.class.getResourceAsStream("versions.properties")) {
            properties.load(resource);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Versions(
                properties.getProperty("philotes"),
                properties.getProperty("iceberg"),
                Runtime.version().toString());
    }
}
