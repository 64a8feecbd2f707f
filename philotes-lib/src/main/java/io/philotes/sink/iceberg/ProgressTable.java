// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.checkpoint.Checkpoint;
import io.philotes.checkpoint.CheckpointJson;
import io.philotes.checkpoint.CheckpointStore;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.sink.iceberg.internal.call.BoundedCalls;
import io.philotes.sink.iceberg.internal.call.Worker;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.types.Types;

/**
 * The checkpoint store in the lake: a table without rows, whose properties hold each pipeline's checkpoint and, for readers,
 * {@code philotes.covered-up-to.<pipeline>}, the position up to which all tables are complete. Made at the first save.
 *
 * <p>A save is conditional on the metadata that it read; only a REST catalog compares no more than the table's identity, so
 * there two instances that save within the same milliseconds may overwrite each other. The tables' own markers are not
 * affected, and they win. Used by one thread at a time.
 */
final class ProgressTable implements CheckpointStore {

    /** Its name in the sink's namespace. */
    static final String NAME = "philotes_progress";

    static final String CHECKPOINT = "philotes.checkpoint.";
    static final String COVERED_UP_TO = "philotes.covered-up-to.";

    private static final int MAX_ATTEMPTS = 10;

    private final Catalog catalog;
    private final TargetOpener opener;
    private final TableIdentifier name;
    private final BoundedCalls calls;

    ProgressTable(Catalog catalog, SinkSettings settings, BoundedCalls calls) {
        this.catalog = catalog;
        this.opener = new TargetOpener(catalog, settings);
        this.calls = calls;
        this.name = TableIdentifier.of(settings.namespace(), NAME);
    }

    @Override
    public Optional<Checkpoint> load(String pipeline) {
        return guarded("load", () -> find().flatMap(table -> stored(table.properties(), pipeline)));
    }

    private static Optional<Checkpoint> stored(Map<String, String> properties, String pipeline) {
        return Optional.ofNullable(properties.get(CHECKPOINT + pipeline)).map(CheckpointJson::decode);
    }

    @Override
    public Checkpoint save(String pipeline, Checkpoint checkpoint) {
        return guarded("save", () -> {
            TableOperations operations = operations(find().orElseGet(this::create));
            return retried(operations, metadata -> {
                Optional<Checkpoint> stored = stored(metadata.properties(), pipeline);
                if (stored.isPresent() && !checkpoint.supersedes(stored.get())) {
                    return stored.get();
                }
                // A table of an earlier version may lack what keeps its metadata files few.
                Map<String, String> changed = TargetProperties.missingBounds(metadata.properties());
                changed.put(CHECKPOINT + pipeline, CheckpointJson.encode(checkpoint));
                changed.put(COVERED_UP_TO + pipeline, checkpoint.coveredUpTo().toString());
                Worker.sending();
                operations.commit(
                        metadata,
                        TableMetadata.buildFrom(metadata).setProperties(changed).build());
                return checkpoint;
            });
        });
    }

    @Override
    public void remove(String pipeline) {
        guarded(
                "remove",
                () -> find().map(table -> {
                    TableOperations operations = operations(table);
                    return retried(operations, metadata -> {
                        if (metadata.properties().containsKey(CHECKPOINT + pipeline)) {
                            Worker.sending();
                            operations.commit(
                                    metadata,
                                    TableMetadata.buildFrom(metadata)
                                            .removeProperties(Set.of(CHECKPOINT + pipeline, COVERED_UP_TO + pipeline))
                                            .build());
                        }
                        return true;
                    });
                }));
    }

    /** Known not done means: somebody else was faster, so look again. */
    private static <T> T retried(TableOperations operations, Function<TableMetadata, T> step) {
        for (int attempt = 1; ; attempt++) {
            try {
                Worker.step();
                return step.apply(operations.refresh());
            } catch (CommitFailedException e) {
                if (attempt == MAX_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static TableOperations operations(Table table) {
        return ((HasTableOperations) table).operations();
    }

    private Optional<Table> find() {
        try {
            return Optional.of(catalog.loadTable(name));
        } catch (NoSuchTableException | NoSuchNamespaceException e) {
            return Optional.empty();
        }
    }

    private Table create() {
        Worker.sending();
        opener.createNamespace();
        Schema schema = new Schema(Types.NestedField.optional(1, "pipeline", Types.StringType.get()));
        try {
            return catalog.buildTable(name, schema)
                    .withProperty(TableProperties.METADATA_DELETE_AFTER_COMMIT_ENABLED, "true")
                    .withProperty(TableProperties.METADATA_PREVIOUS_VERSIONS_MAX, "100")
                    .create();
        } catch (AlreadyExistsException e) {
            return catalog.loadTable(name);
        }
    }

    private <T> T guarded(String what, Supplier<T> call) {
        try {
            return calls.await(ErrorCode.CHECKPOINT_FAILED, "reach the checkpoint in " + name, call::get);
        } catch (PhilotesException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new PhilotesException(
                    ErrorCode.CHECKPOINT_FAILED, "Cannot " + what + " the checkpoint in " + name, e);
        }
    }
}
