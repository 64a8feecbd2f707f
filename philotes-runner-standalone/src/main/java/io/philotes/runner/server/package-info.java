// SPDX-License-Identifier: Apache-2.0

/** The HTTP server: health, metrics and status. Start with {@link io.philotes.runner.server.StatusServer}. */
package io.philotes.runner.server;
