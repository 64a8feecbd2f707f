// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

/** How log lines are written. */
public enum LogFormat {
    /** For people. */
    TEXT,
    /** One JSON object a line, for programs. */
    JSON,
    /** Text where a person watches, JSON elsewhere. */
    AUTO
}
