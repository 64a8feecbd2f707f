// SPDX-License-Identifier: Apache-2.0

/**
 * A Unix socket as the driver's socket; promised to no one. Start with
 * {@link io.philotes.source.postgres.internal.socket.UnixSocketFactory}.
 */
package io.philotes.source.postgres.internal.socket;
