// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.health.CheckReport;
import io.philotes.health.Finding;
import io.philotes.model.RelationSchema;
import io.philotes.model.TablePicture;
import io.philotes.pipeline.PipelinePlan;
import io.philotes.sink.TablePlan;
import io.philotes.source.AttachedSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
        return source.tables().stream().map(TablePicture::relation).toList();
    }

    /** Throws the first error of a check; a slot in use is none, for a start waits for it. */
    static void require(PipelineParts parts, AttachedSource source) {
        List<Finding> errors = check(parts, source).findings().stream()
                .filter(f -> f.severity() == Finding.Severity.ERROR)
                .filter(f -> !f.code().equals(Optional.of(ErrorCode.SLOT_IN_USE)))
                .toList();
        if (!errors.isEmpty()) {
            throw failure(errors);
        }
        requireBudget(plan(parts, source));
    }

    private static PhilotesException failure(List<Finding> errors) {
        Finding first = errors.get(0);
        String more = errors.size() == 1 ? "" : " (and " + (errors.size() - 1) + " more, see check)";
        ErrorCode code = first.code().orElse(ErrorCode.INVALID_CONFIGURATION);
        return new PhilotesException(code, "Cannot start: " + first.subject() + ": " + first.message() + more)
                .hinting(first.fix().orElse(code.hint()));
    }

    private static void requireBudget(PipelinePlan plan) {
        if (!plan.fitsBudget()) {
            throw new PhilotesException(
                    ErrorCode.OVER_BUDGET,
                    "Cannot start: key indexes need about " + (plan.indexBytes() >> 20) + " MiB and the buffer "
                            + (plan.bufferBytes() >> 20) + " MiB, the budget is " + (plan.budgetBytes() >> 20)
                            + " MiB");
        }
    }

    public static PipelinePlan plan(PipelineParts parts) {
        return plan(parts, parts.source().attach(parts.settings().name()));
    }

    private static PipelinePlan plan(PipelineParts parts, AttachedSource source) {
        List<RelationSchema> tables = relations(source);
        List<TablePlan> plans = parts.sink().plan(parts.settings().name(), tables);
        long indexBytes = plans.stream()
                .mapToLong(p -> p.indexBytesPerRow()
                        * Math.max(0, source.estimate(p.table()).rows()))
                .sum();
        long bufferBytes = parts.buffer().survivesRestart() ? 0 : parts.buffer().limitBytes();
        return new PipelinePlan(
                parts.settings().name(),
                steps(source),
                plans,
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
