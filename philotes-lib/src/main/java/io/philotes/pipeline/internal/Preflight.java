// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.checkpoint.Checkpoint;
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
        return check(parts, parts.source().attach(parts.settings().name()));
    }

    private static CheckReport check(PipelineParts parts, AttachedSource source) {
        List<Finding> findings = new ArrayList<>(source.check());
        findings.addAll(parts.sink().check(parts.settings().name(), tablesIfKnown(source, findings)));
        return new CheckReport(findings);
    }

    /** The sink is checked even when the source is out of reach: an operator wants every finding of one run. */
    private static List<RelationSchema> tablesIfKnown(AttachedSource source, List<Finding> findings) {
        try {
            return relations(source);
        } catch (PhilotesException e) {
            if (new CheckReport(findings).passed()) {
                findings.add(Finding.error(e.code(), "tables", e.reason(), e.hint()));
            }
            return List.of();
        }
    }

    private static List<RelationSchema> relations(AttachedSource source) {
        return relations(source.tables());
    }

    private static List<RelationSchema> relations(List<TablePicture> pictures) {
        return pictures.stream().map(TablePicture::relation).toList();
    }

    /** The tables of these that are configured by name and do not exist. */
    static Set<TableId> missing(List<Finding> findings, Collection<TableId> tables) {
        return tables.stream()
                .filter(table -> findings.stream().anyMatch(f -> saysMissing(f, table)))
                .collect(Collectors.toSet());
    }

    private static boolean saysMissing(Finding finding, TableId table) {
        if (!finding.code().equals(Optional.of(ErrorCode.TABLE_MISSING))) {
            return false;
        }
        try {
            return TableId.parse(finding.subject()).equals(table);
        } catch (IllegalArgumentException aFindingAboutSomethingElse) {
            return false;
        }
    }

    /**
     * Throws the first error of a check. A slot in use is none, for a start waits for it; nor is what concerns single tables
     * that the others can go on without, see {@link #canWait}.
     */
    static void require(PipelineParts parts, AttachedSource source) {
        List<Finding> errors = check(parts, source).findings().stream()
                .filter(f -> f.severity() == Finding.Severity.ERROR)
                .filter(f -> !f.code().equals(Optional.of(ErrorCode.SLOT_IN_USE)))
                .toList();
        if (!errors.isEmpty()) {
            requireOthers(parts, source, errors);
        }
        requireBudget(parts, source);
    }

    private static void requireOthers(PipelineParts parts, AttachedSource source, List<Finding> errors) {
        Map<TableId, TableProgress> known = known(parts);
        List<Finding> graver =
                errors.stream().filter(f -> !saysKnownMissing(f, known)).toList();
        if (graver.isEmpty()) {
            return;
        }
        List<TableId> tables = tablesIfKnown(source, new ArrayList<>(errors)).stream()
                .map(RelationSchema::table)
                .toList();
        boolean anyLeft =
                !known.isEmpty() || Refusals.among(tables, errors).tables().size() < tables.size();
        List<Finding> fatal = graver.stream()
                .filter(f -> !anyLeft || tables.stream().noneMatch(table -> canWait(f, table, known, source)))
                .toList();
        if (!fatal.isEmpty()) {
            throw failure(fatal);
        }
    }

    private static Map<TableId, TableProgress> known(PipelineParts parts) {
        return parts.requireCheckpoints()
                .load(parts.settings().name())
                .map(Checkpoint::tables)
                .orElse(Map.of());
    }

    private static boolean saysKnownMissing(Finding finding, Map<TableId, TableProgress> known) {
        return known.keySet().stream().anyMatch(table -> saysMissing(finding, table));
    }

    /**
     * Whether a finding concerns a table that the others can go on without. Before the first start a table that was named
     * refuses it, for there its configuration is wrong, and so do tables that want the same target; later, one that has its
     * content is not given up for a fault of the configuration.
     */
    private static boolean canWait(
            Finding finding, TableId table, Map<TableId, TableProgress> known, AttachedSource source) {
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

    /**
     * The tables of these that cannot be mirrored now; throws when that cannot be known for a reason that may pass, for what
     * must not be published might be then.
     */
    static Refusals refusals(PipelineParts parts, AttachedSource source, List<TablePicture> pictures) {
        List<Finding> findings = new ArrayList<>(source.check());
        findings.addAll(parts.sink().check(parts.settings().name(), relations(pictures)));
        findings.stream()
                .filter(f -> f.severity() == Finding.Severity.ERROR)
                .filter(f ->
                        f.code().filter(c -> c.recovery() == Recovery.RETRY).isPresent())
                .findFirst()
                .ifPresent(finding -> {
                    throw failure(List.of(finding));
                });
        return Refusals.among(
                relations(pictures).stream().map(RelationSchema::table).toList(), findings);
    }

    private static PhilotesException failure(List<Finding> errors) {
        Finding first = errors.get(0);
        String more = errors.size() == 1 ? "" : " (and " + (errors.size() - 1) + " more, see check)";
        ErrorCode code = first.code().orElse(ErrorCode.INVALID_CONFIGURATION);
        return new PhilotesException(code, "Cannot start: " + first.subject() + ": " + first.message() + more)
                .hinting(first.fix().orElse(code.hint()));
    }

    private static void requireBudget(PipelineParts parts, AttachedSource source) {
        List<TablePlan> tables = parts.sink().plan(parts.settings().name(), relations(source));
        PipelinePlan plan = plan(parts, source, tables);
        if (!plan.fitsBudget()) {
            throw new PhilotesException(
                    ErrorCode.OVER_BUDGET,
                    "Cannot start: key indexes need about " + (plan.indexBytes() >> 20) + " MiB and the buffer "
                            + (plan.bufferBytes() >> 20) + " MiB, the budget is " + (plan.budgetBytes() >> 20)
                            + " MiB");
        }
    }

    public static PipelinePlan plan(PipelineParts parts) {
        AttachedSource source = parts.source().attach(parts.settings().name());
        List<TablePicture> pictures = source.tables();
        Map<TableId, TableProgress> known = known(parts);
        List<TablePlan> tables = parts.sink().plan(parts.settings().name(), relations(pictures));
        Set<TableId> missing = missing(known.isEmpty() ? List.of() : source.check(), known.keySet());
        return plan(parts, source, new StartPlan(parts.sink(), known).tables(tables, pictures, missing));
    }

    private static PipelinePlan plan(PipelineParts parts, AttachedSource source, List<TablePlan> tables) {
        List<TablePlan> indexed =
                tables.stream().filter(p -> p.indexBytesPerRow() > 0).toList();
        Map<TableId, TableSize> sizes =
                source.estimates(indexed.stream().map(TablePlan::table).toList());
        long indexBytes = indexed.stream()
                .mapToLong(p ->
                        p.indexBytesPerRow() * Math.max(0, sizes.get(p.table()).rows()))
                .sum();
        long bufferBytes = parts.buffer().survivesRestart() ? 0 : parts.buffer().limitBytes();
        return new PipelinePlan(
                parts.settings().name(),
                steps(source),
                tables,
                indexBytes,
                bufferBytes,
                parts.settings().memoryBudgetBytes());
    }

    private static List<String> steps(AttachedSource source) {
        return source.slot()
                .map(slot -> List.of("keep slot " + slot.name() + ", confirmed up to " + slot.confirmed()))
                .orElse(List.of("create the publication, unless it exists", "create the replication slot"));
    }
}
