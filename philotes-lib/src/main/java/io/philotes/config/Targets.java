// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import io.philotes.model.TableId;
import java.util.Locale;

/** Names that follow from a pipeline's. */
final class Targets {

    private Targets() {}

    /** What slot and publication are called unless the source says otherwise; letters that a slot cannot have become {@code _}. */
    static String atSource(String pipelineName) {
        return "philotes_" + pipelineName.toLowerCase(Locale.ROOT).replace('-', '_');
    }

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
