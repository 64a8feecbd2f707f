// SPDX-License-Identifier: Apache-2.0

/**
 * How texts become the records of the configuration, wherever the texts come from: shared by the runner and the Spring Boot
 * starter, promised to nobody. Start with {@link io.philotes.config.internal.Keys}.
 */
package io.philotes.config.internal;
