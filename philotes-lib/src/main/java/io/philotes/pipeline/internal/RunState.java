// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

/**
 * What outlives a session within one run.
 *
 * @param lifecycle state and wishes
 * @param progress the marks
 * @param board where each table is
 * @param checkpoints what is remembered
 * @param backoff how long failures have lasted
 * @param silent tables whose changes do not come any more
 * @param wishes tables that are to be copied
 */
record RunState(
        Lifecycle lifecycle,
        Progress progress,
        TableBoard board,
        CheckpointKeeper checkpoints,
        Backoff backoff,
        SilentTables silent,
        CopyWishes wishes) {}
