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
        String namespace = namespace(pipelineName, pipeline);
        if (table.target().isEmpty()) {
            return namespace + "."
                    + (table.isPattern()
                            ? table.table()
                            : TableId.parse(table.table()).name());
        }
        String target = table.target().get();
        return target.contains(".") ? target : namespace + "." + target;
    }
}
