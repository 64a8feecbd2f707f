// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import io.philotes.error.ErrorCode;
import io.philotes.runner.yaml.Examined;
import io.philotes.runner.yaml.Remark;
import java.util.List;

/**
 * What a configuration that was sent is found to be, as JSON shows it. Immutable.
 *
 * @param kind {@code configuration} or {@code pipeline}
 * @param valid whether nothing is wrong with it
 * @param complete whether all of it could be looked at; not so where a reference stands for something that decides
 * @param faults everything that is wrong
 * @param unresolved the references, none of which was looked up
 */
record ValidationJson(
        String kind, boolean valid, boolean complete, List<FaultJson> faults, List<ReferenceJson> unresolved) {

    /** One fault; the suggestion may be null. */
    record FaultJson(String pointer, int line, int column, String code, String reason, String suggestion) {

        static FaultJson of(Remark remark) {
            return new FaultJson(
                    remark.pointer(),
                    remark.line(),
                    remark.column(),
                    ErrorCode.INVALID_CONFIGURATION.code(),
                    remark.reason(),
                    remark.suggestion());
        }
    }

    /** One reference. */
    record ReferenceJson(String pointer, int line, int column, String reason) {

        static ReferenceJson of(Remark remark) {
            return new ReferenceJson(remark.pointer(), remark.line(), remark.column(), remark.reason());
        }
    }

    static ValidationJson of(String kind, Examined<?> examined) {
        return new ValidationJson(
                kind,
                examined.faults().isEmpty(),
                examined.value().isPresent(),
                examined.faults().stream().map(FaultJson::of).toList(),
                examined.unresolved().stream().map(ReferenceJson::of).toList());
    }
}
