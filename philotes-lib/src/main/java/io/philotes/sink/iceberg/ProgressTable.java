// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

/** The table without rows whose properties hold each pipeline's checkpoint. */
final class ProgressTable {

    /** Its name in the sink's namespace. */
    static final String NAME = "philotes_progress";

    private ProgressTable() {}
}
