// SPDX-License-Identifier: Apache-2.0
package io.philotes.source;

import io.philotes.model.Lsn;

/**
 * Who a server is ({@code IDENTIFY_SYSTEM}) and how far its WAL goes. Immutable.
 *
 * @param systemId the cluster's system identifier; survives restarts, not a dump and restore
 * @param timeline the current timeline
 * @param database the database's name
 * @param version the server's version, such as {@code 17.11}
 * @param walEnd the WAL's flushed end at that moment
 */
public record SourceIdentity(String systemId, int timeline, String database, String version, Lsn walEnd) {}
