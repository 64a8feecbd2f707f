// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.checkpoint.TableProgress;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.error.Recovery;
import io.philotes.health.Finding;
import io.philotes.model.RelationSchema;
import io.philotes.model.TableId;
import io.philotes.source.AttachedSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a start can go on with one sink. Immutable; creates nothing. */
final class SinkPreflight {

    private static final Logger LOG = LoggerFactory.getLogger(SinkPreflight.class);

    private final PipelineParts parts;
    private final SinkPart part;
    private final AttachedSource source;

    SinkPreflight(PipelineParts parts, SinkPart part, AttachedSource source) {
        this.parts = parts;
        this.part = part;
        this.source = source;
    }

    /**
     * The same for a sink that is added while others run: it must be within reach, and there must be memory for it.
     *
     * @param running the others, which may not be those of the beginning any more
     */
    static void requireNew(PipelineParts parts, List<SinkPart> running, SinkPart part, AttachedSource source) {
        List<SinkPart> all = new ArrayList<>(running);
        all.add(part);
        PipelineParts with =
                new PipelineParts(parts.settings(), parts.source(), parts.buffer(), parts.checkpoints(), all);
        List<RelationSchema> relations = Preflight.relations(source.tables());
        // The source is read already: what is wrong with single tables there keeps them out of the new sink too.
        new SinkPreflight(with, part, source)
                .requireReached(List.of(), Preflight.check(with, part, relations), relations);
        Preflight.requireBudget("add the sink '" + part.name() + "'", with, all, source, relations);
    }

    /**
     * Throws the first error of a check. A slot in use is none, for a start waits for it; nor is what concerns single tables
     * that the others can go on without, see {@link #canWait}; nor a sink out of reach, as long as another one goes on.
     *
     * @return false when the sink is out of reach and must be tried later
     */
    boolean require(List<Finding> ofSource, List<RelationSchema> relations) {
        List<Finding> ofSink = Preflight.check(parts, part, relations);
        if (outOfReach(ofSink) && anotherGoesOn()) {
            LOG.warn(
                    "Pipeline {}: the sink {} is out of reach; the others begin without it",
                    parts.settings().name(),
                    part.name());
            return false;
        }
        requireReached(ofSource, ofSink, relations);
        return true;
    }

    private void requireReached(List<Finding> ofSource, List<Finding> ofSink, List<RelationSchema> relations) {
        List<Finding> errors = new ArrayList<>(ofSource);
        errors.addAll(ofSink);
        errors.removeIf(
                f -> f.severity() != Finding.Severity.ERROR || f.code().equals(Optional.of(ErrorCode.SLOT_IN_USE)));
        if (!errors.isEmpty()) {
            requireOthers(errors, relations);
        }
    }

    private static boolean outOfReach(List<Finding> findings) {
        return findings.stream()
                .filter(f -> f.severity() == Finding.Severity.ERROR)
                .anyMatch(f ->
                        f.code().filter(c -> c.recovery() == Recovery.RETRY).isPresent());
    }

    /** Before anything is stored of any sink there is nothing that could go on. */
    private boolean anotherGoesOn() {
        return parts.sinks().stream().filter(other -> !other.equals(part)).anyMatch(this::isStored);
    }

    private boolean isStored(SinkPart other) {
        try {
            return !StoredChecks.tables(parts, other).isEmpty();
        } catch (PhilotesException e) {
            return false;
        }
    }

    private void requireOthers(List<Finding> errors, List<RelationSchema> relations) {
        Map<TableId, TableProgress> known = StoredChecks.tables(parts, part);
        List<Finding> graver =
                errors.stream().filter(f -> !saysKnownMissing(f, known)).toList();
        if (graver.isEmpty()) {
            return;
        }
        List<TableId> tables = relations.stream().map(RelationSchema::table).toList();
        boolean anyLeft =
                !known.isEmpty() || Refusals.among(tables, errors).tables().size() < tables.size();
        List<Finding> fatal = graver.stream()
                .filter(f -> !anyLeft || tables.stream().noneMatch(table -> canWait(f, table, known)))
                .toList();
        if (!fatal.isEmpty()) {
            throw Preflight.failure(fatal);
        }
    }

    private static boolean saysKnownMissing(Finding finding, Map<TableId, TableProgress> known) {
        return known.keySet().stream().anyMatch(table -> Preflight.saysMissing(finding, table));
    }

    /**
     * Whether a finding concerns a table that the others can go on without. Before the first start a table that was named
     * refuses it, for there its configuration is wrong, and so do tables that want the same target; later, one that has its
     * content is not given up for a fault of the configuration.
     */
    private boolean canWait(Finding finding, TableId table, Map<TableId, TableProgress> known) {
        if (!Refusals.refuses(finding, table)) {
            return false;
        }
        ErrorCode code = finding.code().orElseThrow();
        if (known.isEmpty()) {
            return code != ErrorCode.MAPPED_TWICE && !source.isNamed(table);
        }
        boolean loaded = known.containsKey(table) && known.get(table).state().isLoaded();
        return !loaded || code != ErrorCode.INVALID_CONFIGURATION;
    }
}
