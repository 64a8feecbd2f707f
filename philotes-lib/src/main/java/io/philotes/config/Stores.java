// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import io.philotes.buffer.ChangeBuffer;
import io.philotes.buffer.MemoryBuffer;
import io.philotes.buffer.disk.DiskBuffer;
import io.philotes.buffer.disk.DiskBufferBuilder;
import io.philotes.buffer.postgres.PostgresBuffer;
import io.philotes.buffer.postgres.PostgresBufferBuilder;
import io.philotes.checkpoint.CheckpointStore;
import io.philotes.checkpoint.file.FileCheckpointStore;
import io.philotes.checkpoint.postgres.PostgresCheckpointStore;
import io.philotes.dlq.DeadLetterQueue;
import io.philotes.dlq.file.FileDeadLetterQueue;
import io.philotes.dlq.postgres.PostgresDeadLetterQueue;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.jdbc.StatePool;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;

/** Makes buffers and state stores; those in one database share a pool. Owns the pools. Thread-safe. */
final class Stores implements AutoCloseable {

    /** The buffer's own, readers, and short calls. */
    private static final int CONNECTIONS_PER_PIPELINE = 12;

    private final PhilotesConfig config;
    private final Map<DatabaseConfig.Address, StatePool> pools = new ConcurrentHashMap<>();

    Stores(PhilotesConfig config) {
        this.config = config;
    }

    ChangeBuffer buffer(String pipeline, BufferConfig buffer) {
        return switch (buffer.typeBeside(config.state())) {
            case MEMORY ->
                MemoryBuffer.bounded(buffer.maxSize().map(ByteSize::bytes).orElse(MemoryBuffer.DEFAULT_LIMIT_BYTES));
            case DISK -> disk(config.state().buffer(pipeline), buffer);
            case POSTGRES -> postgres(buffer);
        };
    }

    private static ChangeBuffer disk(Path directory, BufferConfig buffer) {
        DiskBufferBuilder builder = DiskBuffer.builder(directory);
        buffer.maxSize().ifPresent(size -> builder.limitBytes(size.bytes()));
        return builder.build();
    }

    private ChangeBuffer postgres(BufferConfig buffer) {
        DatabaseConfig database = buffer.database().or(config.state()::database).orElseThrow();
        PostgresBufferBuilder builder = PostgresBuffer.builder(source(database))
                .schema(database.schema())
                .initialize(database.initialize());
        buffer.maxSize().ifPresent(size -> builder.limitBytes(size.bytes()));
        return builder.build();
    }

    /** Empty when the lake keeps them. */
    Optional<CheckpointStore> checkpoints() {
        return switch (config.state().type()) {
            case LAKE -> Optional.empty();
            case FILE -> Optional.of(FileCheckpointStore.at(config.state().checkpoints()));
            case POSTGRES -> {
                DatabaseConfig database = config.state().database().orElseThrow();
                yield Optional.of(
                        PostgresCheckpointStore.of(source(database), database.schema(), database.initialize()));
            }
        };
    }

    /** Empty when nothing says where they are kept. */
    Optional<DeadLetterQueue> deadLetters(DeadLettersConfig letters) {
        return letters.type().or(this::besideState).map(type -> switch (type) {
            case FILE -> FileDeadLetterQueue.at(config.state().deadLetters());
            case POSTGRES -> {
                DatabaseConfig database =
                        letters.database().or(config.state()::database).orElseThrow();
                yield PostgresDeadLetterQueue.of(source(database), database.schema(), database.initialize());
            }
        });
    }

    private Optional<DeadLettersType> besideState() {
        return switch (config.state().type()) {
            case LAKE -> Optional.empty();
            case FILE -> Optional.of(DeadLettersType.FILE);
            case POSTGRES -> Optional.of(DeadLettersType.POSTGRES);
        };
    }

    /** Connections to that database, of a pool that others may use too. */
    DataSource source(DatabaseConfig database) {
        database.password().ifPresent(Stores::requireThere);
        return pools.computeIfAbsent(database.address(), this::open).source();
    }

    /** While a secret is rotated the place that it is read from may have none; that passes. */
    private static void requireThere(Secret password) {
        try {
            password.value();
        } catch (RuntimeException e) {
            throw new PhilotesException(
                    ErrorCode.STATE_UNREACHABLE,
                    "Cannot open the database of buffer and state: its password cannot be had: " + e.getMessage(),
                    e);
        }
    }

    private StatePool open(DatabaseConfig.Address address) {
        Properties properties = new Properties();
        properties.setProperty("user", address.username());
        address.password().ifPresent(password -> properties.setProperty("password", password.value()));
        properties.setProperty("sslmode", address.ssl().mode().text());
        address.ssl().rootCert().ifPresent(file -> properties.setProperty("sslrootcert", file.toString()));
        return StatePool.open(
                address.url(),
                properties,
                CONNECTIONS_PER_PIPELINE * config.pipelines().size());
    }

    /** Closes the pools. Idempotent. */
    @Override
    public void close() {
        pools.values().forEach(StatePool::close);
        pools.clear();
    }
}
