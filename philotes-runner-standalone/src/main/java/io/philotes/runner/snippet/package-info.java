// SPDX-License-Identifier: Apache-2.0

/** How engines open a lake, as text to paste. Start with {@link io.philotes.runner.snippet.Engine}. */
package io.philotes.runner.snippet;
