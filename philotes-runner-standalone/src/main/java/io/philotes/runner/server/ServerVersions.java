// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

/** What the server says it is made of. Immutable. */
public record ServerVersions(String philotes, String iceberg) {}
