// SPDX-License-Identifier: Apache-2.0
package io.philotes.spring.properties;

import io.philotes.config.Secret;
import io.philotes.config.SslConfig;
import io.philotes.source.postgres.SslMode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A URL of PostgreSQL's driver, with its parameters apart. Immutable. */
final class JdbcUrl {

    private static final String SCHEME = "jdbc:postgresql:";

    private final String plain;
    private final Map<String, String> parameters = new HashMap<>();

    private JdbcUrl(String url) {
        int at = url.indexOf('?');
        this.plain = at < 0 ? url : url.substring(0, at);
        for (String parameter : at < 0 ? new String[0] : url.substring(at + 1).split("&")) {
            int equals = parameter.indexOf('=');
            String name = equals < 0 ? parameter : parameter.substring(0, equals);
            String value = equals < 0 ? "" : parameter.substring(equals + 1);
            parameters.put(name, URLDecoder.decode(value, StandardCharsets.UTF_8));
        }
    }

    /** Empty when it is of another driver. */
    static Optional<JdbcUrl> of(String url) {
        return url != null && url.startsWith(SCHEME) ? Optional.of(new JdbcUrl(url)) : Optional.empty();
    }

    String withoutParameters() {
        return plain;
    }

    Optional<String> user() {
        return Optional.ofNullable(parameters.get("user"));
    }

    Optional<Secret> password() {
        return Optional.ofNullable(parameters.get("password")).map(Secret::of);
    }

    /** As the driver would do it for the application's own connections: TLS where the server offers it, unless told more. */
    SslConfig ssl() {
        SslMode mode = mode();
        boolean verifies = mode == SslMode.VERIFY_CA || mode == SslMode.VERIFY_FULL;
        Optional<Path> rootCert = Optional.ofNullable(parameters.get("sslrootcert"))
                .filter(file -> verifies)
                .map(Path::of);
        return new SslConfig(mode, rootCert);
    }

    private SslMode mode() {
        String mode = parameters.get("sslmode");
        if (mode != null) {
            return SslMode.ofText(mode).orElse(SslMode.PREFER);
        }
        String ssl = parameters.get("ssl");
        return ssl != null && (ssl.isEmpty() || Boolean.parseBoolean(ssl)) ? SslMode.VERIFY_FULL : SslMode.PREFER;
    }
}
