// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.health.Finding;
import io.philotes.model.TableId;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Single tables that cannot be mirrored as a check found them, and why: the others go on without them. Immutable. */
final class Refusals {

    /** A table that follows the stream need not be read. */
    private static final Set<ErrorCode> OF_COPIES = Set.of(ErrorCode.NO_SELECT_RIGHT, ErrorCode.ROW_SECURITY);

    private final Map<TableId, PhilotesException> reasons;

    private Refusals(Map<TableId, PhilotesException> reasons) {
        this.reasons = reasons;
    }

    /** The first error that is about each of these tables alone. */
    static Refusals among(Collection<TableId> tables, List<Finding> findings) {
        Map<TableId, PhilotesException> reasons = new LinkedHashMap<>();
        for (TableId table : tables) {
            findings.stream()
                    .filter(finding -> refuses(finding, table))
                    .findFirst()
                    .ifPresent(finding -> reasons.put(table, refusal(table, finding)));
        }
        return new Refusals(reasons);
    }

    static boolean refuses(Finding finding, TableId table) {
        return finding.severity() == Finding.Severity.ERROR
                && finding.subject().equals(table.toString())
                && finding.code().filter(FailurePolicy::concernsOneTable).isPresent();
    }

    private static PhilotesException refusal(TableId table, Finding finding) {
        ErrorCode code = finding.code().orElseThrow();
        return new PhilotesException(code, "Cannot mirror the table: " + finding.message())
                .inTable(table)
                .hinting(finding.fix().orElse(code.hint()));
    }

    /** Why the table cannot be copied; empty when it can. */
    Optional<PhilotesException> of(TableId table) {
        return Optional.ofNullable(reasons.get(table));
    }

    /** Why a table that has its content cannot follow the stream; empty when it can. */
    Optional<PhilotesException> whileFollowing(TableId table) {
        return of(table).filter(refusal -> !OF_COPIES.contains(refusal.code()));
    }

    Set<TableId> tables() {
        return reasons.keySet();
    }

    /** As the reason of a table's state. */
    static String text(PhilotesException refusal) {
        return refusal.getMessage() + " -- " + refusal.hint();
    }
}
