// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.error.PhilotesException;
import io.philotes.health.Finding;
import io.philotes.model.TableId;
import io.philotes.model.TablePicture;
import io.philotes.source.AttachedSource;
import io.philotes.source.SourceIdentity;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a source shows when sinks are opened. Immutable.
 *
 * @param identity who it is
 * @param pictures its configured tables
 * @param findings what its check found
 */
record SourceView(SourceIdentity identity, List<TablePicture> pictures, List<Finding> findings) {

    /** @throws PhilotesException when it cannot be seen now, for a reason that may pass */
    static SourceView of(AttachedSource source) {
        List<TablePicture> pictures = source.tables();
        List<Finding> findings = source.check();
        Preflight.requireAnswers(findings);
        return new SourceView(source.identify(), pictures, findings);
    }

    Set<TableId> tables() {
        return pictures.stream().map(picture -> picture.relation().table()).collect(Collectors.toSet());
    }
}
