// SPDX-License-Identifier: Apache-2.0

/** Write, commit, say how far you are. Start with {@link io.philotes.sink.Sink}. */
package io.philotes.sink;
