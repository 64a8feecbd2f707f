// SPDX-License-Identifier: Apache-2.0
package io.philotes.samples.sqlite;

/**
 * Who writes to the file. Immutable.
 *
 * @param pipelineId the pipeline's random identity
 * @param epoch rises with every start of it
 */
record Owner(String pipelineId, long epoch) {}
