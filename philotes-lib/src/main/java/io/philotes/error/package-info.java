// SPDX-License-Identifier: Apache-2.0

/**
 * The closed set of failures and what may be done about each. Start with {@link io.philotes.error.ErrorCode}, the one
 * catalogue that feeds exceptions, the command line, HTTP answers and the reference page.
 */
package io.philotes.error;
