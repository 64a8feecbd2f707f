// SPDX-License-Identifier: Apache-2.0

/** Reserved for the Spring Boot starter: nothing lives here yet. */
package io.philotes.spring;
