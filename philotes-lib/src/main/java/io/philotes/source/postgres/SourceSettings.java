// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.model.TableId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a builder was told, checked. Immutable.
 *
 * @param server where and as whom to connect
 * @param tables which tables
 * @param rules what is left out, masked or filtered of them
 * @param names what things are called at the server
 * @param limits how much at once
 * @param streaming how transactions come while they are open; empty for only then when they have committed
 */
record SourceSettings(
        Server server,
        TableSelection tables,
        Map<TableId, TableRules> rules,
        Names names,
        Limits limits,
        Optional<Streaming> streaming) {

    SourceSettings {
        rules = Map.copyOf(rules);
    }

    /**
     * @param url where
     * @param socketDirectory where the server's Unix socket is, through which every connection goes; else TCP
     * @param user as whom
     * @param password asked anew for each connection
     * @param sslMode how protected
     * @param sslRootCert authorities, when not the driver's own
     * @param connectTimeout for connecting
     * @param statementTimeout for each statement of a short call
     */
    record Server(
            JdbcUrl url,
            Optional<Path> socketDirectory,
            String user,
            Supplier<String> password,
            SslMode sslMode,
            Optional<Path> sslRootCert,
            Duration connectTimeout,
            Duration statementTimeout) {

        /** The socket's file, which the server names after its port. */
        Optional<Path> socket() {
            return socketDirectory.map(directory ->
                    directory.resolve(".s.PGSQL." + url.hosts().get(0).port()));
        }

        /** For people. */
        String address() {
            return socket().map(file -> file + " " + url.database()).orElseGet(url::address);
        }
    }

    /**
     * @param slot own name for the slot, or the pipeline's
     * @param publication own name for the publication, or the pipeline's
     * @param managed whether the publication is ours to create and alter
     * @param failover whether standbys keep a copy of the slot
     */
    record Names(Optional<String> slot, Optional<String> publication, boolean managed, boolean failover) {

        String slotOf(String pipeline) {
            return slot.orElseGet(() -> defaultName(pipeline));
        }

        String publicationOf(String pipeline) {
            return publication.orElseGet(() -> defaultName(pipeline));
        }

        /** {@code philotes_<pipeline>} in the letters that a slot's name may have; different long names stay different. */
        static String defaultName(String pipeline) {
            String name = "philotes_" + pipeline.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
            if (name.length() <= MAX_NAME) {
                return name;
            }
            String hash = String.format(Locale.ROOT, "_%08x", pipeline.hashCode());
            return name.substring(0, MAX_NAME - hash.length()) + hash;
        }
    }

    /**
     * @param maxBatchBytes a batch is cut off once it has reached this size
     * @param maxRowBytes a larger row stops the source
     * @param forceText whether the stream runs in text form although binary were possible
     */
    record Limits(int maxBatchBytes, int maxRowBytes, boolean forceText) {}

    /** @param directory where open transactions wait; empty for the system's temporary directory */
    record Streaming(Optional<Path> directory) {}

    /** {@code NAMEDATALEN - 1}. */
    static final int MAX_NAME = 63;

    boolean covers(TableId table) {
        return tables.covers(table);
    }
}
