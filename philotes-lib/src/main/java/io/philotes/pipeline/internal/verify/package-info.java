// SPDX-License-Identifier: Apache-2.0

/**
 * Compares source and target while both go on; knows contracts only, and of the engine what
 * {@link io.philotes.pipeline.internal.verify.VerifiedSink} tells. Promised to no one. Start with
 * {@link io.philotes.pipeline.internal.verify.Verification}.
 */
package io.philotes.pipeline.internal.verify;
