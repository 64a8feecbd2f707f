// SPDX-License-Identifier: Apache-2.0

/** Changes of PostgreSQL, handed to code in the same process. */
package io.philotes.samples;
