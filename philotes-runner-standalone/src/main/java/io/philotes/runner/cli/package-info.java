// SPDX-License-Identifier: Apache-2.0

/**
 * The command line. Start with {@link io.philotes.runner.cli.Cli}; one class for each command, data on standard output, words
 * for people on standard error.
 */
package io.philotes.runner.cli;
