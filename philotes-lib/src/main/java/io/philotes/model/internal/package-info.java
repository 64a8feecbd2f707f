// SPDX-License-Identifier: Apache-2.0

/** How PostgreSQL prints numbers and times; promised to no one. Imports nothing but the JDK. */
package io.philotes.model.internal;
