// SPDX-License-Identifier: Apache-2.0

/**
 * The contract test kit: what the engine relies on, as JUnit 5 tests for an implementation of one's own. Extend
 * {@link io.philotes.testkit.contract.SinkContract}, {@link io.philotes.testkit.contract.ChangeBufferContract},
 * {@link io.philotes.testkit.contract.CheckpointStoreContract} or
 * {@link io.philotes.testkit.contract.DeadLetterQueueContract} and say how the object under test is made; the library's own
 * implementations pass the same tests. A buffer whose readers look ahead ({@code BufferReader.pollAhead}) passes
 * {@link io.philotes.testkit.contract.ReadAheadContract} too.
 *
 * <p>Published as {@code philotes-lib}, type {@code test-jar}, classifier {@code test-kit}; needs JUnit 5 and AssertJ on the
 * class path of the tests.
 */
package io.philotes.testkit.contract;
