// SPDX-License-Identifier: Apache-2.0

/** Dead letters as JSON tells of them, for server and command line alike. Start with {@link io.philotes.runner.letters.LetterDesk}. */
package io.philotes.runner.letters;
