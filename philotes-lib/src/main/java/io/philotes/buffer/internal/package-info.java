// SPDX-License-Identifier: Apache-2.0

/** What the buffers that come with Philotes share; promised to no one. */
package io.philotes.buffer.internal;
