// SPDX-License-Identifier: Apache-2.0

/** Rows set aside, with the reason, to look at and to apply later. Start with {@link io.philotes.dlq.DeadLetterQueue}. */
package io.philotes.dlq;
