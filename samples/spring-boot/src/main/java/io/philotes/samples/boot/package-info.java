// SPDX-License-Identifier: Apache-2.0

/** A shop on Spring Boot that has a lake. Start with {@link io.philotes.samples.boot.ShopApplication}. */
package io.philotes.samples.boot;
