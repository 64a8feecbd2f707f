// SPDX-License-Identifier: Apache-2.0

/** Results as text, JSON and Markdown. Start at {@link io.philotes.benchmarks.report.TextReport}. */
package io.philotes.benchmarks.report;
