// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import io.philotes.model.TableId;

/** Names of target tables. */
final class Targets {

    private Targets() {}

    static String namespace(String pipelineName, PipelineConfig pipeline) {
        return pipeline.namespace().orElse(pipelineName);
    }

    /** {@code namespace.table}; of a pattern, whatever. */
    static String text(String pipelineName, PipelineConfig pipeline, TableConfig table) {
        String source =
                table.isPattern() ? table.table() : TableId.parse(table.table()).name();
        return namespace(pipelineName, pipeline) + "." + table.target().orElse(source);
    }
}
