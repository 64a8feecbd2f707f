// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.health.Finding;
import io.philotes.model.TableId;
import io.philotes.source.AttachedSource;
import io.philotes.source.ChangeSource;
import io.philotes.source.TableSize;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A PostgreSQL database (14 or newer) as a source, read through a logical replication slot with {@code pgoutput}.
 *
 * <p>Every session is pinned to settings under which values have one exact form, whatever the role, the database or the JVM
 * say. Values travel in binary where {@link io.philotes.model.BinaryForms} knows every published type, else as text.
 * Immutable and thread-safe; opens no connection by itself.
 */
public final class PostgresSource implements ChangeSource {

    /** TLS unless told otherwise: the stream carries everything that the tables hold. */
    public static final SslMode DEFAULT_SSL_MODE = SslMode.REQUIRE;

    /** Long enough for a far server, short enough that a wrong address is noticed while one looks. */
    public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(10);

    /** Catalog queries take milliseconds; what takes this long is stuck. */
    public static final Duration DEFAULT_STATEMENT_TIMEOUT = Duration.ofSeconds(30);

    /** Small enough for the array not to be a humongous object of G1's smallest regions, large enough for one fsync. */
    public static final long DEFAULT_MAX_BATCH_BYTES = 256 * 1024;

    /** A row is held in memory several times over on its way: this keeps a surprise from being an OutOfMemoryError. */
    public static final long DEFAULT_MAX_ROW_BYTES = 64 * 1024 * 1024;

    private final SourceSettings settings;

    PostgresSource(SourceSettings settings) {
        this.settings = settings;
    }

    /** Begins a source at {@code jdbc:postgresql://host:port/database}; of parameters only {@code sslmode} is allowed. */
    public static PostgresSourceBuilder builder(String url) {
        return new PostgresSourceBuilder(url);
    }

    /**
     * Looks whether {@link #builder} would take the URL; connects to nothing.
     *
     * @param url not null
     * @throws IllegalArgumentException saying why not; the URL is not repeated, for it may hold a secret
     */
    public static void requireUrl(String url) {
        JdbcUrl.parse(url);
    }

    /**
     * SQL that a superuser may run once in the source's database, repeatable: event triggers that write every change of a
     * table's definition into the WAL where it happens. With them no change is ambiguous ({@link
     * io.philotes.source.SchemaTracking#EXACT}). Its first lines say how to remove them.
     */
    public static String schemaTrackingSql() {
        return CatalogPictures.trackingSql();
    }

    /**
     * The tables that its patterns name now, by name, whatever else is said of them; opens a connection for it, and changes
     * nothing.
     *
     * @throws io.philotes.error.PhilotesException SOURCE_UNREACHABLE, SOURCE_AUTHENTICATION or SOURCE_QUERY when the server
     *     cannot be asked
     */
    public List<FoundTable> discover() {
        return new Sessions(settings.server(), "philotes discover").call("look for tables", connection -> {
            Catalog catalog = new Catalog(connection);
            List<CatalogTable> tables = catalog.tables(catalog.expand(settings.tables()));
            Map<TableId, TableSize> sizes = Server.sizes(
                    connection, tables.stream().map(CatalogTable::id).toList());
            return tables.stream()
                    .map(table -> FoundTable.of(table, sizes.get(table.id())))
                    .toList();
        });
    }

    /**
     * What server, role and names are found to be, whatever the tables are: {@link AttachedSource#check()} without them. Opens
     * connections for it, and changes nothing; what is wrong, a server that does not answer too, is a finding and never thrown.
     *
     * <p>The server may be anybody's: it is shown no certificate and no ticket of this machine, is verified against the root
     * certificate that was given or else the authorities that Java trusts, and is left when the thread is interrupted.
     *
     * @param pipeline whose names slot and publication have where none were given; not null
     */
    public List<Finding> checkServer(String pipeline) {
        String name = SourceSettings.Names.defaultName(Objects.requireNonNull(pipeline, "pipeline"));
        return new AttachedPostgres(settings, pipeline, Sessions.withStranger(settings.server(), name)).checkServer();
    }

    @Override
    public String description() {
        return "postgresql://" + settings.server().address();
    }

    @Override
    public AttachedSource attach(String pipeline) {
        return new AttachedPostgres(settings, Objects.requireNonNull(pipeline, "pipeline"));
    }
}
