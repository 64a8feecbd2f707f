// SPDX-License-Identifier: Apache-2.0

/**
 * The vocabulary: immutable values that every floor speaks, with no I/O and no import but the JDK's.
 *
 * <p>Start with {@link io.philotes.model.ChangeBatch}, which draws the byte format that travels from capture to the sinks.
 */
package io.philotes.model;
