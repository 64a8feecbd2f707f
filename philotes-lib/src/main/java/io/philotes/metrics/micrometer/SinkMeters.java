// SPDX-License-Identifier: Apache-2.0
package io.philotes.metrics.micrometer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.philotes.model.TableId;
import java.util.Locale;

/** Meters with the tags of one sink, registered where they are first used. Thread-safe. */
final class SinkMeters {

    private final MeterRegistry registry;
    private final Tags sink;
    private final TableTags tables;

    SinkMeters(MeterRegistry registry, Tags sink, TableTags tables) {
        this.registry = registry;
        this.sink = sink;
        this.tables = tables;
    }

    /** The sink's tags and the table's. */
    Tags of(TableId table) {
        return sink.and("table", tables.tag(table));
    }

    /** The sink's tags and more: names and values in turn. */
    Tags with(String... more) {
        return sink.and(more);
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    Counter counter(String name, String description, Tags tags) {
        return Counter.builder(name).description(description).tags(tags).register(registry);
    }

    Counter bytes(String name, String description, Tags tags) {
        return Counter.builder(name)
                .description(description)
                .baseUnit("bytes")
                .tags(tags)
                .register(registry);
    }

    Timer timer(String name, String description, Tags tags) {
        return Timer.builder(name).description(description).tags(tags).register(registry);
    }

    DistributionSummary summary(String name, String description, Tags tags) {
        return DistributionSummary.builder(name)
                .description(description)
                .tags(tags)
                .register(registry);
    }

    DistributionSummary sizes(String name, String description, Tags tags) {
        return DistributionSummary.builder(name)
                .description(description)
                .baseUnit("bytes")
                .tags(tags)
                .register(registry);
    }
}
