// SPDX-License-Identifier: Apache-2.0

/**
 * A pipeline as its user sees it. Start with {@link io.philotes.pipeline.Pipeline}; the engine behind it is in {@code
 * internal}, and knows contracts only.
 */
package io.philotes.pipeline;
