// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.postgres;

/**
 * Who owns which buffer. Immutable.
 *
 * @param buffer its number in the tables
 * @param epoch rises by one with each taking
 * @param lock the key of the advisory lock
 * @param backend the process of the server that holds it
 * @param owner the text by which an owner knows its own row again
 */
record Ownership(int buffer, long epoch, long lock, int backend, String owner) {}
