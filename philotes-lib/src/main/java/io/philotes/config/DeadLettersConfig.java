// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import io.philotes.dlq.DeadLetterRetention;
import io.philotes.jdbc.Initialize;
import java.time.Duration;
import java.util.Optional;

/**
 * Where rows are kept that were set aside, and how long those that are done with. Immutable.
 *
 * @param type default that of {@code state}
 * @param maxAge how long applied and superseded ones are kept
 * @param maxSize how much of them is kept
 * @param url for {@code postgres}: JDBC URL without parameters; default the database of {@code state}, and then its other keys too
 * @param username the role, which owns the tables
 * @param password its password
 * @param ssl how the connection is protected
 * @param schema the schema that holds the tables
 * @param initialize who creates them
 */
public record DeadLettersConfig(
        Optional<DeadLettersType> type,
        Duration maxAge,
        ByteSize maxSize,
        Optional<String> url,
        Optional<String> username,
        Optional<Secret> password,
        Optional<SslConfig> ssl,
        Optional<String> schema,
        Optional<Initialize> initialize) {

    public DeadLettersConfig {
        type = type == null ? Optional.empty() : type;
        maxAge = Positive.orDefault("max-age", maxAge, DeadLetterRetention.DEFAULT.maxAge());
        maxSize = maxSize == null ? new ByteSize(DeadLetterRetention.DEFAULT.maxBytes()) : maxSize;
        url = url == null ? Optional.empty() : url;
        username = username == null ? Optional.empty() : username;
        password = password == null ? Optional.empty() : password;
        ssl = ssl == null ? Optional.empty() : ssl;
        schema = schema == null ? Optional.empty() : schema;
        initialize = initialize == null ? Optional.empty() : initialize;
        boolean named = DatabaseConfig.of(url, username, password, ssl, schema, initialize)
                .isPresent();
        if (named && !type.equals(Optional.of(DeadLettersType.POSTGRES))) {
            throw new IllegalArgumentException("url needs type postgres");
        }
    }

    /** Nothing said. */
    static DeadLettersConfig unset() {
        return new DeadLettersConfig(null, null, null, null, null, null, null, null, null);
    }

    Optional<DatabaseConfig> database() {
        return DatabaseConfig.of(url, username, password, ssl, schema, initialize);
    }

    DeadLetterRetention retention() {
        return new DeadLetterRetention(maxAge, maxSize.bytes());
    }
}
