// SPDX-License-Identifier: Apache-2.0

/**
 * Reads the configuration file: strictly, with every fault at once and at its place. Start with {@link
 * io.philotes.runner.yaml.ConfigReader}.
 */
package io.philotes.runner.yaml;
