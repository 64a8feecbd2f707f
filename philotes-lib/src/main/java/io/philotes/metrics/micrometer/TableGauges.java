// SPDX-License-Identifier: Apache-2.0
package io.philotes.metrics.micrometer;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.philotes.model.TableId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleBinaryOperator;

/**
 * One gauge for each table, with the value that was told last; the tables that share a tag value show one of all. A gauge is there
 * from the first value on. Thread-safe.
 */
final class TableGauges {

    private final MeterRegistry registry;
    private final TableTags tables;
    private final Tags tags;
    private final Kind kind;
    private final Map<String, Map<TableId, Double>> values = new ConcurrentHashMap<>();

    /** What is shown, and how that of several tables becomes one. */
    enum Kind {
        DEAD_LETTERS("philotes.dead.letters", "Changes set aside that wait to be replayed", null, Double::sum),
        COPY_PROGRESS("philotes.copy.progress", "How much of a table copy is done, from 0 to 1", null, Math::min),
        FILES("philotes.table.files", "Data files of a target", null, Double::sum),
        DELETE_FILES("philotes.table.delete.files", "Delete files of a target", null, Double::sum),
        SIZE("philotes.table.size", "Size of a target's data and delete files", "bytes", Double::sum),
        SNAPSHOTS("philotes.table.snapshots", "Table snapshots in a target's history", null, Double::sum);

        private final String meter;
        private final String description;
        private final String unit;
        private final DoubleBinaryOperator together;

        Kind(String meter, String description, String unit, DoubleBinaryOperator together) {
            this.meter = meter;
            this.description = description;
            this.unit = unit;
            this.together = together;
        }
    }

    TableGauges(MeterRegistry registry, TableTags tables, Tags tags, Kind kind) {
        this.registry = registry;
        this.tables = tables;
        this.tags = tags;
        this.kind = kind;
    }

    void set(TableId table, double value) {
        values.computeIfAbsent(tables.tag(table), this::register).put(table, value);
    }

    private Map<TableId, Double> register(String tag) {
        Map<TableId, Double> sharing = new ConcurrentHashMap<>();
        Gauge.builder(kind.meter, sharing, this::shown)
                .strongReference(true)
                .description(kind.description)
                .baseUnit(kind.unit)
                .tags(tags.and("table", tag))
                .register(registry);
        return sharing;
    }

    private double shown(Map<TableId, Double> sharing) {
        return sharing.values().stream()
                .mapToDouble(Double::doubleValue)
                .reduce(kind.together)
                .orElse(Double.NaN);
    }

    /** Takes away every such gauge that has these tags: nobody tells its value any more. */
    static void forget(MeterRegistry registry, Tags tags) {
        for (Kind kind : Kind.values()) {
            registry.find(kind.meter).tags(tags).meters().forEach((Meter gone) -> registry.remove(gone));
        }
    }
}
