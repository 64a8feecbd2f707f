// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.postgres;

import io.philotes.model.Lsn;

/**
 * How far readers may read.
 *
 * @param lastSeq the last row of a whole transaction
 * @param upTo where it ends, or a progress mark behind it
 */
record Readable(long lastSeq, Lsn upTo) {}
