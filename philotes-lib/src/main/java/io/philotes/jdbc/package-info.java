// SPDX-License-Identifier: Apache-2.0

/**
 * What the stores in PostgreSQL share: the tables, created by numbered steps, and how failures are told. Not public.
 */
package io.philotes.jdbc;
