// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.demo;

import java.nio.file.Path;

/**
 * What a demo is asked for. Immutable.
 *
 * @param directory where lake and state go; new or empty
 * @param seconds how long the shop changes
 * @param formatVersion Iceberg's table format, 2 or 3
 */
public record DemoOptions(Path directory, int seconds, int formatVersion) {}
