// SPDX-License-Identifier: Apache-2.0

/** Reports as values: what a check found. Start with {@link io.philotes.health.CheckReport}. */
package io.philotes.health;
