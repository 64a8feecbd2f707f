// SPDX-License-Identifier: Apache-2.0

/** Dead letters in local files. Start with {@link io.philotes.dlq.file.FileDeadLetterQueue}. */
package io.philotes.dlq.file;
