// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

/** What a source is. */
public enum SourceType {
    POSTGRES
}
