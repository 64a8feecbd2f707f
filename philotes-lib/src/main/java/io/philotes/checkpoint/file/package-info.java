// SPDX-License-Identifier: Apache-2.0

/** Checkpoints in local files. Start with {@link io.philotes.checkpoint.file.FileCheckpointStore}. */
package io.philotes.checkpoint.file;
