// SPDX-License-Identifier: Apache-2.0

/**
 * The engine: contracts only, promised to no one. Start with {@link io.philotes.pipeline.internal.RunningPipeline}, then the
 * two loops.
 */
package io.philotes.pipeline.internal;
