// SPDX-License-Identifier: Apache-2.0
package io.philotes.spring.autoconfigure;

import io.philotes.buffer.ChangeBuffer;
import io.philotes.checkpoint.CheckpointStore;
import io.philotes.config.CatalogConfig;
import io.philotes.config.OwnParts;
import io.philotes.dlq.DeadLetterQueue;
import io.philotes.sink.Sink;
import io.philotes.spring.properties.ApplicationDefaults;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.iceberg.catalog.Catalog;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/** The application's beans as parts of its pipelines. Thread-safe. */
final class BeanParts implements OwnParts {

    private final ConfigurableListableBeanFactory factory;
    private final PipelineBeans beans;
    private final Supplier<List<String>> pipelines;

    /** @param pipelines the names of all pipelines, known when the first part is asked for */
    BeanParts(ConfigurableListableBeanFactory factory, Supplier<List<String>> pipelines) {
        this.factory = factory;
        this.beans = new PipelineBeans(factory);
        this.pipelines = pipelines;
    }

    boolean hasCatalog() {
        return beans.has(Catalog.class);
    }

    @Override
    public Optional<Catalog> catalog(CatalogConfig configured) {
        return configured == ApplicationDefaults.OWN_CATALOG
                ? Optional.of(factory.getBean(Catalog.class))
                : Optional.empty();
    }

    @Override
    public Optional<ChangeBuffer> buffer(String pipeline) {
        return beans.one(ChangeBuffer.class, pipeline, pipelines.get());
    }

    @Override
    public Optional<CheckpointStore> checkpoints(String pipeline) {
        return beans.one(CheckpointStore.class, pipeline, pipelines.get());
    }

    @Override
    public Optional<DeadLetterQueue> deadLetters(String pipeline) {
        return beans.one(DeadLetterQueue.class, pipeline, pipelines.get());
    }

    @Override
    public Map<String, Sink> sinks(String pipeline) {
        return beans.all(Sink.class, pipeline, pipelines.get());
    }

    @Override
    public boolean hasSinks(String pipeline) {
        return beans.has(Sink.class);
    }

    @Override
    public boolean hasDeadLetters(String pipeline) {
        return beans.has(DeadLetterQueue.class);
    }
}
