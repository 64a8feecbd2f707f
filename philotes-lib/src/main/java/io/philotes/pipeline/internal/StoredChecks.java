// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.checkpoint.Checkpoint;
import io.philotes.checkpoint.TableProgress;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.error.Recovery;
import io.philotes.health.Finding;
import io.philotes.model.TableId;
import io.philotes.source.AttachedSource;
import io.philotes.source.SlotState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a start would refuse because of what is stored here and what the server has, as a check and a plan tell it. Stateless. */
final class StoredChecks {

    private static final String SLOT = "slot";

    /** Whoever cannot ask these of the server cannot compare; their own findings say why. */
    private static final Set<String> NEEDED = Set.of("connect", "replication", SLOT);

    private StoredChecks() {}

    /** Adds it to what the source found; it goes before what is found of the slot alone. */
    static void add(PipelineParts parts, AttachedSource source, List<Finding> findings) {
        boolean comparable = findings.stream()
                .noneMatch(f -> f.severity() == Finding.Severity.ERROR && NEEDED.contains(f.subject()));
        if (comparable) {
            refusal(parts, source).ifPresent(e -> {
                findings.removeIf(
                        f -> f.severity() == Finding.Severity.OK && f.subject().equals(SLOT));
                findings.add(Finding.error(e.code(), SLOT, e.reason(), e.hint()));
            });
        }
    }

    /** Empty where a start would go on, or wait; and where nobody can tell now, which others say. */
    static Optional<PhilotesException> refusal(PipelineParts parts, AttachedSource source) {
        try {
            // In this order: an instance that starts meanwhile stores its checkpoint before it makes the slot.
            Optional<SlotState> slot = source.slot();
            List<Checkpoint> stored = stored(parts);
            boolean isNew = stored.isEmpty() && (slot.isEmpty() || Teardown.isLeftFor(parts, source));
            if (!isNew) {
                StartDecision.require(source.identify(), stored, slot);
            }
            return Optional.empty();
        } catch (PhilotesException e) {
            boolean waits = e.recovery() == Recovery.RETRY || e.code() == ErrorCode.SLOT_IN_USE;
            return waits ? Optional.empty() : Optional.of(e);
        }
    }

    private static List<Checkpoint> stored(PipelineParts parts) {
        CheckpointStores stores = CheckpointStores.of(parts);
        List<Checkpoint> stored = new ArrayList<>();
        parts.sinks().forEach(part -> stored(stores, parts, part).ifPresent(stored::add));
        return stored;
    }

    private static Optional<Checkpoint> stored(CheckpointStores stores, PipelineParts parts, SinkPart part) {
        return stores.of(part.name()).look(new LaneName(parts.settings().name(), part.name()).storeKey());
    }

    /** What is stored of a sink's tables. Creates nothing. */
    static Map<TableId, TableProgress> tables(PipelineParts parts, SinkPart part) {
        return stored(CheckpointStores.of(parts), parts, part)
                .map(Checkpoint::tables)
                .orElse(Map.of());
    }
}
