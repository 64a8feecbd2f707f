// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

/**
 * Something that only the whole configuration shows to be wrong. Immutable.
 *
 * @param path where, such as {@code pipelines.shop.source}
 * @param message what is wrong; holds no secret
 */
public record ConfigProblem(String path, String message) {}
