// SPDX-License-Identifier: Apache-2.0

/** What came out, as text, JSON and Markdown. Start at {@link io.philotes.benchmarks.report.Result}. */
package io.philotes.benchmarks.report;
