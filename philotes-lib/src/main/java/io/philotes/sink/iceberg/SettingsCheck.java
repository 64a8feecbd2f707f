// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.sink.iceberg.internal.value.TypeChoice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Looks for everything that is wrong with the options of one sink. Used once, by one thread. */
final class SettingsCheck {

    private final SinkSettings settings;
    private final List<String> faults = new ArrayList<>();

    SettingsCheck(SinkSettings settings) {
        this.settings = settings;
    }

    /** All of it; empty when nothing is. */
    List<String> faults() {
        numbers();
        faults.addAll(settings.compaction().faults());
        settings.upkeep().orphansOlderThan().ifPresent(this::orphans);
        new TreeMap<>(settings.types())
                .forEach((pgType, type) -> TypeChoice.faultInType(pgType, type).ifPresent(faults::add));
        new TreeMap<>(settings.tables())
                .forEach((table, options) -> faults.addAll(options.faults(table.toString(), defaults())));
        settings.kinds().forEach(kind -> faults.addAll(kind.options().faults("many", defaults())));
        return faults;
    }

    private void numbers() {
        int format = settings.formatVersion();
        int level = settings.zstdLevel();
        Duration timeout = settings.commitTimeout();
        require(isNamespace(), "namespace must be one or more names separated by dots: '" + settings.namespace() + "'");
        require(format == 2 || format == 3, "format version must be 2 or 3: " + format);
        requirePositive("target file size", settings.targetFileSizeBytes());
        require(level >= 1 && level <= 19, "zstd level must be 1 to 19: " + level);
        require(!timeout.isNegative() && !timeout.isZero(), "commit timeout must be positive: " + timeout);
        requirePositive("commit parallelism", settings.commitParallelism());
        requirePositive("index memory", settings.indexMemoryBytes());
        requirePositive("waiting memory", settings.waitingMemoryBytes());
    }

    private boolean isNamespace() {
        return Stream.of(settings.namespace().levels()).noneMatch(String::isBlank);
    }

    private void orphans(Duration age) {
        Duration least = IcebergSinkBuilder.MIN_ORPHAN_AGE;
        require(age.compareTo(least) >= 0, "orphans must be older than " + least.toHours() + " hours: " + age);
    }

    private TableOptions defaults() {
        TableOptions defaults = TableOptions.DEFAULTS.mode(settings.mode());
        return settings.softDelete() ? defaults.withSoftDelete() : defaults;
    }

    private void requirePositive(String what, long number) {
        require(number > 0, what + " must be positive: " + number);
    }

    private void require(boolean holds, String fault) {
        if (!holds) {
            faults.add(fault);
        }
    }
}
