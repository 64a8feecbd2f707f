// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import io.philotes.jdbc.Initialize;
import java.util.Optional;

/**
 * Where changes wait for the sinks. Immutable.
 *
 * @param type default {@code disk}; {@code memory} where the state is kept in the lake
 * @param maxSize where capture starts to wait; default the buffer's own
 * @param url for {@code postgres}: JDBC URL without parameters; default the database of {@code state}, and then its other keys too
 * @param username the role, which owns the tables
 * @param password its password
 * @param ssl how the connection is protected
 * @param schema the schema that holds the tables
 * @param initialize who creates them
 */
public record BufferConfig(
        Optional<BufferType> type,
        Optional<ByteSize> maxSize,
        Optional<String> url,
        Optional<String> username,
        Optional<Secret> password,
        Optional<SslConfig> ssl,
        Optional<String> schema,
        Optional<Initialize> initialize) {

    public BufferConfig {
        type = type == null ? Optional.empty() : type;
        maxSize = maxSize == null ? Optional.empty() : maxSize;
        url = url == null ? Optional.empty() : url;
        username = username == null ? Optional.empty() : username;
        password = password == null ? Optional.empty() : password;
        ssl = ssl == null ? Optional.empty() : ssl;
        schema = schema == null ? Optional.empty() : schema;
        initialize = initialize == null ? Optional.empty() : initialize;
        boolean named = DatabaseConfig.of(url, username, password, ssl, schema, initialize)
                .isPresent();
        if (named && !type.equals(Optional.of(BufferType.POSTGRES))) {
            throw new IllegalArgumentException("url needs type postgres");
        }
    }

    /** One that needs no database. */
    public BufferConfig(BufferType type, Optional<ByteSize> maxSize) {
        this(Optional.ofNullable(type), maxSize, null, null, null, null, null, null);
    }

    /** The kind that is meant, given where the state is. */
    public BufferType typeBeside(StateConfig state) {
        return type.orElse(state.type() == StateType.LAKE ? BufferType.MEMORY : BufferType.DISK);
    }

    Optional<DatabaseConfig> database() {
        return DatabaseConfig.of(url, username, password, ssl, schema, initialize);
    }
}
