// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.error.PhilotesException;
import io.philotes.health.Finding;
import io.philotes.model.StorePlace;
import io.philotes.source.AttachedSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What a check finds about stores: that they can be written, and that the source does not capture one in a database. */
final class StoreChecks {

    private final AttachedSource source;
    private final List<Finding> findings = new ArrayList<>();

    private StoreChecks(AttachedSource source) {
        this.source = source;
    }

    static List<Finding> findings(PipelineParts parts, AttachedSource source) {
        StoreChecks checks = new StoreChecks(source);
        checks.look("buffer", parts.buffer()::place);
        parts.checkpoints().ifPresent(store -> checks.look("state", store::place));
        parts.rows().queue().ifPresent(queue -> checks.look("dead letters", queue::place));
        return checks.findings;
    }

    private void look(String what, Supplier<Optional<StorePlace>> store) {
        try {
            store.get().ifPresent(place -> findings.addAll(source.checkStore(what, place)));
        } catch (PhilotesException e) {
            findings.add(Finding.error(e.code(), what, e.reason(), e.hint()));
        }
    }
}
