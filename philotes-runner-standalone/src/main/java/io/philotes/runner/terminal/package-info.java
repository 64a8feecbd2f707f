// SPDX-License-Identifier: Apache-2.0

/** Where commands write to. Start with {@link io.philotes.runner.terminal.Terminal}. */
package io.philotes.runner.terminal;
