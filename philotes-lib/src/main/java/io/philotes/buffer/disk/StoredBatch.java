// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.disk;

import io.philotes.model.ChangeBatch;

/**
 * A batch as it was found.
 *
 * @param place where its record begins
 * @param forcedUpTo what of the segment was durable when it was written
 */
record StoredBatch(ChangeBatch batch, Place place, long forcedUpTo) {}
