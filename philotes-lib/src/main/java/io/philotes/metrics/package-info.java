// SPDX-License-Identifier: Apache-2.0

/** What happened, as calls. Start with {@link io.philotes.metrics.PipelineMetrics}. */
package io.philotes.metrics;
