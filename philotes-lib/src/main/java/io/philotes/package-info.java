// SPDX-License-Identifier: Apache-2.0

/** The face. Start with {@link io.philotes.Philotes}. */
package io.philotes;
