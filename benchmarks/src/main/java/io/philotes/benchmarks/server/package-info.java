// SPDX-License-Identifier: Apache-2.0

/** The PostgreSQL that is read, and what the operating system tells of its processes. Start at {@link io.philotes.benchmarks.server.Source}. */
package io.philotes.benchmarks.server;
