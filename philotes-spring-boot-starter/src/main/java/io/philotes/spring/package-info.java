// SPDX-License-Identifier: Apache-2.0

/**
 * Philotes in a Spring Boot application: pipelines from properties, started and stopped with it. Start with {@link
 * io.philotes.spring.PhilotesPipelines}; {@link io.philotes.spring.PipelineCustomizer} says what properties cannot.
 */
package io.philotes.spring;
