// SPDX-License-Identifier: Apache-2.0

/** Pipelines as Actuator shows and orders them. Start with {@link io.philotes.spring.actuate.PhilotesEndpoint}. */
package io.philotes.spring.actuate;
