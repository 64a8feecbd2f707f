// SPDX-License-Identifier: Apache-2.0

/** Holds batches between capture and the sinks. Start with {@link io.philotes.buffer.ChangeBuffer}. */
package io.philotes.buffer;
