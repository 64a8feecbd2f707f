// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

/** How data is written. */
enum OutputFormat {
    TEXT,
    JSON,
    /** Of few commands. */
    YAML
}
