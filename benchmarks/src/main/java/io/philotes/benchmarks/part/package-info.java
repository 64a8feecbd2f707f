// SPDX-License-Identifier: Apache-2.0

/** What is measured, each a process of its own. Start at {@link io.philotes.benchmarks.part.PartMain}. */
package io.philotes.benchmarks.part;
