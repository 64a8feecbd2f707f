// SPDX-License-Identifier: Apache-2.0

/**
 * The demo: a PostgreSQL of its own, a shop that changes all the time, a lake on the disk, and the proof that both are equal.
 * Start with {@link io.philotes.runner.demo.Demo}.
 */
package io.philotes.runner.demo;
