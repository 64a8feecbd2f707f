// SPDX-License-Identifier: Apache-2.0

/**
 * Reads the properties under {@code philotes} into the configuration that the runner's file makes too: strictly, every fault at
 * once. Promised to nobody. Start with {@link io.philotes.spring.properties.PropertyReader}.
 */
package io.philotes.spring.properties;
