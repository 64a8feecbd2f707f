// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.model.TableId;
import io.philotes.sink.iceberg.internal.value.TableNames;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.catalog.TableIdentifier;

/** Which Iceberg table a source table goes to: its own name ({@link TableNames}) in the sink's namespace, or its option. */
final class TargetNames {

    private final SinkSettings settings;

    TargetNames(SinkSettings settings) {
        this.settings = settings;
    }

    TableIdentifier target(TableId source) {
        String name = settings.options(source).target().orElseGet(() -> TableNames.of(source.name()));
        return TableIdentifier.of(settings.namespace(), name);
    }

    /** Groups of tables that would share a target; catalogs and engines fold case, so names are compared without it. */
    List<List<TableId>> collisions(Collection<TableId> sources) {
        Map<String, List<TableId>> byTarget = new TreeMap<>();
        for (TableId source : sources) {
            byTarget.computeIfAbsent(folded(source), name -> new ArrayList<>()).add(source);
        }
        return byTarget.values().stream().filter(group -> group.size() > 1).toList();
    }

    /** Whether a table would take the checkpoint's name. */
    boolean isReserved(TableId source) {
        return ProgressTable.NAME.equals(target(source).name().toLowerCase(Locale.ROOT));
    }

    private String folded(TableId source) {
        return target(source).toString().toLowerCase(Locale.ROOT);
    }
}
