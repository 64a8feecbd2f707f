// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.checkpoint.TableProgress;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.error.Recovery;
import io.philotes.health.CheckReport;
import io.philotes.health.Finding;
import io.philotes.model.RelationSchema;
import io.philotes.model.TableId;
import io.philotes.model.TablePicture;
import io.philotes.pipeline.PipelinePlan;
import io.philotes.sink.TablePlan;
import io.philotes.source.AttachedSource;
import io.philotes.source.TableSize;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What is looked at before a start, and what a start would do. Stateless; creates nothing. */
public final class Preflight {

    private Preflight() {}

    public static CheckReport check(PipelineParts parts) {
        AttachedSource source = attach(parts);
        List<Finding> findings = new ArrayList<>(source.check());
        StoredChecks.add(parts, source, findings);
        findings.addAll(StoreChecks.findings(parts, source));
        List<RelationSchema> relations = relationsIfKnown(source, findings);
        parts.sinks().forEach(part -> findings.addAll(check(parts, part, relations)));
        return new CheckReport(findings);
    }

    /** With what the sinks remember, as a start would have it. */
    private static AttachedSource attach(PipelineParts parts) {
        AttachedSource source = parts.source().attach(parts.settings().name());
        RuleRecall.recallIfPossible(source, parts.sinks());
        return source;
    }

    /** What one sink finds; it is named where there are several. */
    static List<Finding> check(PipelineParts parts, SinkPart part, List<RelationSchema> relations) {
        List<Finding> findings = part.sink().check(parts.settings().name(), relations);
        return parts.hasSeveralSinks()
                ? findings.stream().map(finding -> finding.inSink(part.name())).toList()
                : findings;
    }

    /** The sinks are checked even when the source is out of reach: an operator wants every finding of one run. */
    static List<RelationSchema> relationsIfKnown(AttachedSource source, List<Finding> findings) {
        try {
            return relations(source.tables());
        } catch (PhilotesException e) {
            if (new CheckReport(findings).passed()) {
                findings.add(Finding.error(e.code(), "tables", e.reason(), e.hint()));
            }
            return List.of();
        }
    }

    static List<RelationSchema> relations(List<TablePicture> pictures) {
        return pictures.stream().map(TablePicture::relation).toList();
    }

    /** The tables of these that are configured by name and do not exist. */
    static Set<TableId> missing(List<Finding> findings, Collection<TableId> tables) {
        return tables.stream()
                .filter(table -> findings.stream().anyMatch(f -> saysMissing(f, table)))
                .collect(Collectors.toSet());
    }

    static boolean saysMissing(Finding finding, TableId table) {
        if (!finding.code().equals(Optional.of(ErrorCode.TABLE_MISSING))) {
            return false;
        }
        try {
            return TableId.parse(finding.subject()).equals(table);
        } catch (IllegalArgumentException aFindingAboutSomethingElse) {
            return false;
        }
    }

    /** Throws what a start cannot go on with, see {@link SinkPreflight}; and what does not fit into the budget. */
    static void require(PipelineParts parts, AttachedSource source) {
        List<Finding> ofSource = new ArrayList<>(source.check());
        ofSource.addAll(StoreChecks.findings(parts, source));
        List<RelationSchema> relations = relationsIfKnown(source, ofSource);
        List<SinkPart> ready = new ArrayList<>();
        for (SinkPart part : parts.sinks()) {
            if (new SinkPreflight(parts, part, source).require(ofSource, relations)) {
                ready.add(part);
            }
        }
        requireBudget("start", parts, ready, source, relations);
    }

    /**
     * The tables of these that cannot be mirrored now; throws when that cannot be known for a reason that may pass, for what
     * must not be published might be then.
     */
    static Refusals refusals(Lane lane, SourceView view) {
        List<Finding> findings = new ArrayList<>(view.findings());
        findings.addAll(lane.sink().check(lane.name().pipeline(), relations(view.pictures())));
        requireAnswers(findings);
        return Refusals.among(view.tables(), findings);
    }

    /** Throws the first error that may pass: what was looked at then is not known. */
    static void requireAnswers(List<Finding> findings) {
        findings.stream()
                .filter(f -> f.severity() == Finding.Severity.ERROR)
                .filter(f ->
                        f.code().filter(c -> c.recovery() == Recovery.RETRY).isPresent())
                .findFirst()
                .ifPresent(finding -> {
                    throw failure(List.of(finding));
                });
    }

    static PhilotesException failure(List<Finding> errors) {
        Finding first = errors.get(0);
        String more = errors.size() == 1 ? "" : " (and " + (errors.size() - 1) + " more, see check)";
        ErrorCode code = first.code().orElse(ErrorCode.INVALID_CONFIGURATION);
        return new PhilotesException(code, "Cannot start: " + first.subject() + ": " + first.message() + more)
                .hinting(first.fix().orElse(code.hint()));
    }

    /** @param doing completes "Cannot …" */
    static void requireBudget(
            String doing,
            PipelineParts parts,
            List<SinkPart> sinks,
            AttachedSource source,
            List<RelationSchema> relations) {
        List<TablePlan> tables = new ArrayList<>();
        sinks.stream()
                .filter(part -> !part.sink().spillsIndexes())
                .forEach(part -> tables.addAll(part.sink().plan(parts.settings().name(), relations)));
        PipelinePlan plan = plan(parts, List.of(), source, tables, tables);
        if (!plan.fitsBudget()) {
            throw new PhilotesException(
                    ErrorCode.OVER_BUDGET,
                    "Cannot " + doing + ": key indexes need about " + (plan.heapIndexBytes() >> 20)
                            + " MiB and the buffer "
                            + (plan.bufferBytes() >> 20) + " MiB, the budget is " + (plan.budgetBytes() >> 20)
                            + " MiB");
        }
    }

    public static PipelinePlan plan(PipelineParts parts) {
        AttachedSource source = attach(parts);
        List<TablePicture> pictures = source.tables();
        List<TablePlan> all = new ArrayList<>();
        List<TablePlan> onHeap = new ArrayList<>();
        for (SinkPart part : parts.sinks()) {
            Map<TableId, TableProgress> known = StoredChecks.tables(parts, part);
            List<TablePlan> tables = part.sink().plan(parts.settings().name(), relations(pictures));
            if (!part.sink().spillsIndexes()) {
                onHeap.addAll(tables);
            }
            Set<TableId> missing = missing(known.isEmpty() ? List.of() : source.check(), known.keySet());
            new StartPlan(part.sink(), known)
                    .tables(tables, pictures, missing)
                    .forEach(table -> all.add(parts.hasSeveralSinks() ? table.inSink(part.name()) : table));
        }
        return plan(parts, steps(parts, source), source, all, onHeap);
    }

    private static PipelinePlan plan(
            PipelineParts parts,
            List<String> steps,
            AttachedSource source,
            List<TablePlan> tables,
            List<TablePlan> onHeap) {
        Map<TableId, TableSize> sizes = source.estimates(tables.stream()
                .filter(Preflight::isIndexed)
                .map(TablePlan::table)
                .distinct()
                .toList());
        long bufferBytes = parts.buffer().survivesRestart() ? 0 : parts.buffer().limitBytes();
        return new PipelinePlan(
                parts.settings().name(),
                steps,
                tables,
                indexBytes(tables, sizes),
                indexBytes(onHeap, sizes),
                bufferBytes,
                parts.settings().memoryBudgetBytes());
    }

    private static boolean isIndexed(TablePlan table) {
        return table.indexBytesPerRow() > 0;
    }

    private static long indexBytes(List<TablePlan> tables, Map<TableId, TableSize> sizes) {
        return tables.stream()
                .filter(Preflight::isIndexed)
                .mapToLong(p ->
                        p.indexBytesPerRow() * Math.max(0, sizes.get(p.table()).rows()))
                .sum();
    }

    private static List<String> steps(PipelineParts parts, AttachedSource source) {
        Optional<PhilotesException> refusal = StoredChecks.refusal(parts, source);
        if (refusal.isPresent()) {
            return List.of(PipelinePlan.REFUSED + refusal.get().getMessage() + "; "
                    + refusal.get().hint());
        }
        return source.slot()
                .map(slot -> List.of("keep slot " + slot.name() + ", confirmed up to " + slot.confirmed()))
                .orElse(List.of(
                        "create the publication, unless it exists or somebody else is to make it",
                        "create the replication slot"));
    }
}
