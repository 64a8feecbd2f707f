// SPDX-License-Identifier: Apache-2.0
package io.philotes.metrics;

/**
 * What a target consists of. Immutable.
 *
 * @param files data files
 * @param deleteFiles delete files; each deletion vector counts
 * @param bytes size of both
 * @param snapshots table snapshots in its history
 */
public record TargetSize(long files, long deleteFiles, long bytes, long snapshots) {}
