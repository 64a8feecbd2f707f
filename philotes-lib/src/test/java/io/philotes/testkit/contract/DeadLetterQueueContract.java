// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit.contract;

import io.philotes.dlq.DeadLetterQueue;

/**
 * What every {@link DeadLetterQueue} promises, as tests: extend it and say how a queue is made.
 *
 * <ul>
 *   <li>A letter comes back as it was added, once, whatever has become of it; in the order of its places, page by page.
 *   <li>It moves only from where the move begins; of many who move it one does; what blocks a key is not removed.
 *   <li>Pipelines do not see each other's letters.
 * </ul>
 *
 * <p>Each test has an object of the test class, and so a storage, of its own. Tests with chance in them print their seed.
 */
public abstract class DeadLetterQueueContract extends LetterRaces {

    /** One more queue on the same storage, not open yet; several are used at the same time. */
    @Override
    protected abstract DeadLetterQueue another();
}
