// SPDX-License-Identifier: Apache-2.0

/** Dead letters as files that other tools read. Start with {@link io.philotes.dlq.export.DeadLetterExport}. */
package io.philotes.dlq.export;
