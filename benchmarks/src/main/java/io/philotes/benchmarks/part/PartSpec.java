// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.part;

import java.util.List;

/**
 * What a part is told. Immutable.
 *
 * @param kind what it does
 * @param url the source
 * @param socket directory of its Unix socket, where Philotes is to take that; else empty
 * @param streams whether Philotes takes large transactions while they are open
 * @param user who reads it
 * @param password their secret, which is why this comes over standard input and not as arguments
 * @param slot it reads
 * @param publication it reads
 * @param tables with their schema
 * @param changes how many row changes there are in the stream
 * @param lake directory of the local catalog
 * @param namespace of the tables in it
 * @param state directory for what Philotes keeps beside it
 * @param buffer which one it has
 * @param bufferUrl database of the PostgreSQL buffer, with user and password of a server of our own; empty for the others
 * @param commitIntervalMillis how long changes may wait; 0 for the default
 */
public record PartSpec(
        PartKind kind,
        String url,
        String socket,
        boolean streams,
        String user,
        String password,
        String slot,
        String publication,
        List<String> tables,
        long changes,
        String lake,
        String namespace,
        String state,
        BufferKind buffer,
        String bufferUrl,
        long commitIntervalMillis) {

    public PartSpec {
        tables = List.copyOf(tables);
    }

    @Override
    public String toString() {
        return "PartSpec[kind=" + kind + ", url=" + url + ", slot=" + slot + "]";
    }
}
