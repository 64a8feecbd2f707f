// SPDX-License-Identifier: Apache-2.0

/** The runner: one process for a configuration file. Start with {@link io.philotes.runner.Main}. */
package io.philotes.runner;
