// SPDX-License-Identifier: Apache-2.0

/** How far the pipeline is, table by table. Start with {@link io.philotes.checkpoint.Checkpoint}. */
package io.philotes.checkpoint;
