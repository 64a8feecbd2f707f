// SPDX-License-Identifier: Apache-2.0

/** What came out, as values. Start at {@link io.philotes.benchmarks.result.Result}. */
package io.philotes.benchmarks.result;
