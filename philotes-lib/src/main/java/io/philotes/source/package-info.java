// SPDX-License-Identifier: Apache-2.0

/**
 * Where changes come from. Start with {@link io.philotes.source.ChangeSource}, what the user configures, then {@link
 * io.philotes.source.AttachedSource}, what the engine drives.
 */
package io.philotes.source;
