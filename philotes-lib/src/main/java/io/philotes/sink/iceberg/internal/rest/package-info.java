// SPDX-License-Identifier: Apache-2.0

/**
 * Counts what is asked of a REST catalog, beneath everything that Iceberg does with it. Start with
 * {@link io.philotes.sink.iceberg.internal.rest.CountedCatalog}.
 */
package io.philotes.sink.iceberg.internal.rest;
