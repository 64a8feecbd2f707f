// SPDX-License-Identifier: Apache-2.0

/** All that is published, in one go. Start at {@link io.philotes.benchmarks.suite.Suite}. */
package io.philotes.benchmarks.suite;
