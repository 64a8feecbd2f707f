// SPDX-License-Identifier: Apache-2.0

/**
 * Several pipelines in one process: shared by the runner and the Spring Boot starter, promised to nobody. Start with {@link
 * io.philotes.group.internal.Member}.
 */
package io.philotes.group.internal;
