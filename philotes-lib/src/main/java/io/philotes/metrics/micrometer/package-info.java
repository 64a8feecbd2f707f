// SPDX-License-Identifier: Apache-2.0

/**
 * Metrics for Micrometer, which the user brings. Start with {@link io.philotes.metrics.micrometer.MicrometerMetrics} for what
 * happens, and {@link io.philotes.metrics.micrometer.PipelineGauges} for how a pipeline stands.
 */
package io.philotes.metrics.micrometer;
