// SPDX-License-Identifier: Apache-2.0

/**
 * What those share who keep files: how a directory's entries become durable, and how a pipeline's files are named. Promised to
 * no one.
 */
package io.philotes.file.internal;
