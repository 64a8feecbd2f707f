// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.model.TableFacts;
import io.philotes.model.TableId;
import io.philotes.model.TablePicture;
import io.philotes.sink.ParkingRecord;
import io.philotes.sink.SinkContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.Table;

/** Reads what a target says of itself, without opening it for changes. Stateless. */
final class TargetLook {

    private final SinkSettings settings;
    private final TargetOpener opener;

    TargetLook(SinkSettings settings, TargetOpener opener) {
        this.settings = settings;
        this.opener = opener;
    }

    /** The picture that stands in a table which this pipeline loaded. */
    Optional<TablePicture> picture(TableId source, SinkContext context) {
        return loaded(source, context).flatMap(table -> SourcePicture.in(table.properties()));
    }

    /** What the table says of rows set aside; see {@link io.philotes.sink.Sink#parking}. */
    ParkingRecord parking(TableId source, SinkContext context) {
        return loaded(source, context)
                .map(table -> TargetProperties.parking(table.properties()))
                .orElse(ParkingRecord.NONE);
    }

    /** What of the configuration the content does not follow, all reasons; empty when it does. */
    Optional<String> reloadReason(TablePicture now, SinkContext context) {
        Optional<Table> table = loaded(now.relation().table(), context);
        if (table.isEmpty()) {
            return Optional.empty();
        }
        List<String> reasons = new ArrayList<>();
        TableFacts known = SourcePicture.facts(table.get().properties());
        if (!known.equals(TableFacts.NONE)
                && !now.facts().equals(TableFacts.NONE)
                && !known.rules().equals(now.facts().rules())) {
            reasons.add(
                    "other columns are left out or masked, rows filtered by another condition, or the table was not published for a while");
        }
        reasons.addAll(new SinkPlan(settings, opener).otherTypes(now.relation(), table.get()));
        opener.rowProblem(now.relation().table(), table.get()).ifPresent(reasons::add);
        return reasons.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", reasons));
    }

    /** @param context null before the sink is open, for a plan, which looks at the owner's name itself */
    private Optional<Table> loaded(TableId source, SinkContext context) {
        return opener.find(source)
                .filter(table -> context == null
                        || context.pipelineId().equals(table.properties().get(TargetProperties.OWNER)))
                .filter(table -> Marker.isIn(table.properties()));
    }
}
