// SPDX-License-Identifier: Apache-2.0

/** Several pipelines in one process. Start with {@link io.philotes.runner.group.PipelineGroup}. */
package io.philotes.runner.group;
