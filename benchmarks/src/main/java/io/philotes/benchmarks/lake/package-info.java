// SPDX-License-Identifier: Apache-2.0

/** The lake as any reader sees it. Start at {@link io.philotes.benchmarks.lake.Lake}. */
package io.philotes.benchmarks.lake;
