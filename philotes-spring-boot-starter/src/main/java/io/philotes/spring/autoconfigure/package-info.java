// SPDX-License-Identifier: Apache-2.0

/**
 * What Spring Boot finds by itself. Promised to nobody. Start with {@link
 * io.philotes.spring.autoconfigure.PhilotesAutoConfiguration}.
 */
package io.philotes.spring.autoconfigure;
