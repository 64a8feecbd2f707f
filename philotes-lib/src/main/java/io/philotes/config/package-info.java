// SPDX-License-Identifier: Apache-2.0

/**
 * The configuration as a typed tree, and the factory that turns it into a builder: the one room that knows every
 * implementation. Start with {@link io.philotes.config.PhilotesConfig}, then {@link io.philotes.config.PipelineFactory}.
 *
 * <p>Keys are the components' names in kebab case. A component that is null when a record is made takes its default; no
 * accessor returns null.
 */
package io.philotes.config;
