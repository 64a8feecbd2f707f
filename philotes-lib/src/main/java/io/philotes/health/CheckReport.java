// SPDX-License-Identifier: Apache-2.0
package io.philotes.health;

import java.util.List;
import java.util.Optional;

/**
 * Everything a check found, all at once. Immutable.
 *
 * @param findings in the order in which they were looked at
 */
public record CheckReport(List<Finding> findings) {

    public CheckReport {
        findings = List.copyOf(findings);
    }

    /** Whether a start would get past its preflight. */
    public boolean passed() {
        return firstError().isEmpty();
    }

    /** The first finding for which a start would fail. */
    public Optional<Finding> firstError() {
        return findings.stream()
                .filter(f -> f.severity() == Finding.Severity.ERROR)
                .findFirst();
    }

    /** How many findings would make a start fail. */
    public long errors() {
        return count(Finding.Severity.ERROR);
    }

    /** How many findings somebody should know. */
    public long warnings() {
        return count(Finding.Severity.WARN);
    }

    private long count(Finding.Severity severity) {
        return findings.stream().filter(f -> f.severity() == severity).count();
    }
}
