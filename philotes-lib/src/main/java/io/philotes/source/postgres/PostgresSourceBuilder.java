// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.TableId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Builds a {@link PostgresSource}. Mutable, confined to one thread. Nothing is checked before {@link #build()}, which names
 * every fault at once. No argument may be null.
 */
public final class PostgresSourceBuilder {

    /** The system takes 107 bytes, file name included. */
    private static final int MAX_SOCKET_DIRECTORY = 107 - "/.s.PGSQL.65535".length();

    private final String url;
    private Optional<Path> socket = Optional.empty();
    private String user = "";
    private Supplier<String> password;
    private final List<String> tables = new ArrayList<>();
    private final List<String> excluded = new ArrayList<>();
    private final List<TableEntry> rules = new ArrayList<>();
    private Optional<String> slot = Optional.empty();
    private Optional<String> publication = Optional.empty();
    private boolean managed = true;
    private boolean failover;
    private Optional<SslMode> sslMode = Optional.empty();
    private Optional<Path> sslRootCert = Optional.empty();
    private Duration connectTimeout = PostgresSource.DEFAULT_CONNECT_TIMEOUT;
    private Duration statementTimeout = PostgresSource.DEFAULT_STATEMENT_TIMEOUT;
    private long maxBatchBytes = PostgresSource.DEFAULT_MAX_BATCH_BYTES;
    private long maxRowBytes = PostgresSource.DEFAULT_MAX_ROW_BYTES;
    private boolean forceText;
    private Optional<SourceSettings.Streaming> streaming = Optional.empty();

    private final List<String> faults = new ArrayList<>();

    PostgresSourceBuilder(String url) {
        this.url = Objects.requireNonNull(url, "url");
    }

    /**
     * Connects through the server's Unix socket in this directory ({@code unix_socket_directories}, often
     * {@code /var/run/postgresql}) instead of TCP; default TCP. Of the URL's host only the port counts then, and there is no
     * TLS, because nothing leaves the machine.
     */
    public PostgresSourceBuilder socket(Path directory) {
        this.socket = Optional.of(directory);
        return this;
    }

    /** Who connects. The role needs REPLICATION, and SELECT on the tables. */
    public PostgresSourceBuilder credentials(String userName, String secret) {
        Objects.requireNonNull(secret, "secret");
        return credentials(userName, () -> secret);
    }

    /**
     * Who connects, with a secret that is asked for anew at each connection, from several threads. What it throws counts as a
     * wrong password: while the pipeline runs it is tried again.
     */
    public PostgresSourceBuilder credentials(String userName, Supplier<String> secret) {
        this.user = Objects.requireNonNull(userName, "userName");
        this.password = Objects.requireNonNull(secret, "secret");
        return this;
    }

    /**
     * Adds tables: {@code schema.table}, with {@code *} for any characters, parts in double quotes where needed. A bare name
     * is in {@code public}. A partition is left out when its root is in.
     */
    public PostgresSourceBuilder tables(String... patterns) {
        tables.addAll(List.of(patterns));
        return this;
    }

    /**
     * Leaves tables out although {@link #tables} matches them; written the same way. The partitions of a table that is left
     * out are left out too, unless they are named without a star.
     */
    public PostgresSourceBuilder exclude(String... patterns) {
        excluded.addAll(List.of(patterns));
        return this;
    }

    /** What is left out, masked or filtered of one table, which {@link #tables} must match; default: nothing. */
    public PostgresSourceBuilder table(TableId table, TableRules itsRules) {
        Objects.requireNonNull(table, "table");
        rules.add(new TableEntry(() -> table, Objects.requireNonNull(itsRules, "itsRules")));
        return this;
    }

    /** The same for {@code schema.table}; a bare name is in {@code public}. */
    public PostgresSourceBuilder table(String table, TableRules itsRules) {
        Objects.requireNonNull(table, "table");
        rules.add(new TableEntry(() -> TableId.parse(table), Objects.requireNonNull(itsRules, "itsRules")));
        return this;
    }

    private record TableEntry(Supplier<TableId> table, TableRules rules) {}

    /** Names the slot; default {@code philotes_<pipeline>}. */
    public PostgresSourceBuilder slot(String name) {
        this.slot = Optional.of(name);
        return this;
    }

    /**
     * Lets standbys keep a copy of the slot ({@code FAILOVER}), so that the pipeline goes on with the one that is promoted;
     * PostgreSQL 17 or newer; default no. The URL may then name all servers: {@code host1:5432,host2:5432}; the one that is
     * the primary is read.
     */
    public PostgresSourceBuilder failoverSlot() {
        this.failover = true;
        return this;
    }

    /** Names the publication that Philotes manages; default {@code philotes_<pipeline>}. */
    public PostgresSourceBuilder publication(String name) {
        this.publication = Optional.of(name);
        return this;
    }

    /** Philotes creates the publication and keeps it equal to the configured tables: the default. */
    public PostgresSourceBuilder managePublication() {
        this.managed = true;
        return this;
    }

    /** Uses a publication that a person made and keeps; it is only looked at. */
    public PostgresSourceBuilder existingPublication(String name) {
        this.managed = false;
        return publication(name);
    }

    /** How connections are protected; default {@link PostgresSource#DEFAULT_SSL_MODE}, or the URL's {@code sslmode}. */
    public PostgresSourceBuilder sslMode(SslMode mode) {
        this.sslMode = Optional.of(mode);
        return this;
    }

    /** A PEM file with the authorities that may sign the server's certificate. */
    public PostgresSourceBuilder sslRootCert(Path file) {
        this.sslRootCert = Optional.of(file);
        return this;
    }

    /** How long connecting may take; at least a second; default {@link PostgresSource#DEFAULT_CONNECT_TIMEOUT}. */
    public PostgresSourceBuilder connectTimeout(Duration timeout) {
        this.connectTimeout = Objects.requireNonNull(timeout, "timeout");
        return this;
    }

    /** How long a statement of a short call may take; default {@link PostgresSource#DEFAULT_STATEMENT_TIMEOUT}. */
    public PostgresSourceBuilder statementTimeout(Duration timeout) {
        this.statementTimeout = Objects.requireNonNull(timeout, "timeout");
        return this;
    }

    /** When a batch is cut off; default {@link PostgresSource#DEFAULT_MAX_BATCH_BYTES}. */
    public PostgresSourceBuilder maxBatchBytes(long bytes) {
        this.maxBatchBytes = bytes;
        return this;
    }

    /** The largest row that is taken; default {@link PostgresSource#DEFAULT_MAX_ROW_BYTES}. */
    public PostgresSourceBuilder maxRowBytes(long bytes) {
        this.maxRowBytes = bytes;
        return this;
    }

    /**
     * Takes large transactions while they are still open at the server ({@code streaming 'on'}) instead of only after their
     * commit; default no. The server need not write them to its own disk then; they wait here, in files without a name in
     * the system's temporary directory, until they commit, and are dropped if they are rolled back.
     */
    public PostgresSourceBuilder streaming() {
        this.streaming = Optional.of(new SourceSettings.Streaming(Optional.empty()));
        return this;
    }

    /** The same, with the files in this directory, which is made when it is needed. */
    public PostgresSourceBuilder streaming(Path directory) {
        this.streaming = Optional.of(new SourceSettings.Streaming(Optional.of(directory)));
        return this;
    }

    /** Streams in text form although binary were possible: for comparing the two. */
    public PostgresSourceBuilder forceText() {
        this.forceText = true;
        return this;
    }

    /**
     * The source. Opens no connection.
     *
     * @throws PhilotesException {@code INVALID_CONFIGURATION} naming every fault
     */
    public PostgresSource build() {
        faults.clear();
        JdbcUrl parsedUrl = checked(() -> JdbcUrl.parse(url));
        TableSelection selection = new TableSelection(patterns(tables), patterns(excluded));
        faults.addAll(RulesChecks.faults(selection));
        checkSocket(parsedUrl);
        Map<TableId, TableRules> rulesByTable = rulesByTable(selection);
        checkValues();
        if (!faults.isEmpty()) {
            throw new PhilotesException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "Cannot build the PostgreSQL source: " + String.join("; ", faults));
        }
        SourceSettings.Server server = new SourceSettings.Server(
                parsedUrl,
                socket.map(Path::toAbsolutePath),
                user,
                password,
                socket.isPresent() ? SslMode.DISABLE : effectiveSslMode(parsedUrl),
                sslRootCert,
                connectTimeout,
                statementTimeout);
        return new PostgresSource(new SourceSettings(
                server,
                selection,
                rulesByTable,
                new SourceSettings.Names(slot, publication, managed, failover),
                new SourceSettings.Limits((int) maxBatchBytes, (int) maxRowBytes, forceText),
                streaming));
    }

    private List<TablePattern> patterns(List<String> texts) {
        return texts.stream()
                .map(text -> checked(() -> TablePattern.parse(text)))
                .filter(Objects::nonNull)
                .toList();
    }

    private Map<TableId, TableRules> rulesByTable(TableSelection selection) {
        Map<TableId, TableRules> byTable = new HashMap<>();
        for (TableEntry entry : rules) {
            TableId table = checked(entry.table());
            if (table != null) {
                require(byTable.put(table, entry.rules()) == null, "table " + table + " has rules twice");
                faults.addAll(RulesChecks.faults(selection, table, entry.rules()));
            }
        }
        return byTable;
    }

    private void checkSocket(JdbcUrl parsedUrl) {
        if (socket.isPresent() && parsedUrl != null) {
            require(parsedUrl.hosts().size() == 1, "a socket leads to one server, but the URL names several");
            int bytes = socket.get().toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8).length;
            require(bytes <= MAX_SOCKET_DIRECTORY, "the socket's directory is longer than a socket's path may be");
        }
    }

    private SslMode effectiveSslMode(JdbcUrl parsedUrl) {
        return sslMode.or(parsedUrl::sslMode).orElse(PostgresSource.DEFAULT_SSL_MODE);
    }

    private void checkValues() {
        require(!user.isEmpty() && password != null, "credentials are needed");
        require(!tables.isEmpty(), "at least one table is needed");
        require(slot.isEmpty() || slot.get().matches("[a-z0-9_]{1,63}"), "a slot name has 1 to 63 of a-z, 0-9 and _");
        require(
                publication.isEmpty() || isIdentifier(publication.get()),
                "a publication name has 1 to 63 bytes, without control characters and quotes");
        sslRootCert.ifPresent(
                file -> require(Files.isReadable(file), "the root certificate is not readable, path=" + file));
        checkRange(connectTimeout.toMillis(), 1_000, 600_000, "connectTimeout", "1 s to 10 min");
        checkRange(statementTimeout.toMillis(), 1_000, 3_600_000, "statementTimeout", "1 s to 1 h");
        checkRange(maxBatchBytes, 1024, 64 << 20, "maxBatchBytes", "1 KiB to 64 MiB");
        checkRange(maxRowBytes, 1024, 512 << 20, "maxRowBytes", "1 KiB to 512 MiB");
    }

    /** Quotes are refused because the driver does not escape the options of START_REPLICATION. */
    private static boolean isIdentifier(String name) {
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        return bytes >= 1
                && bytes <= SourceSettings.MAX_NAME
                && name.chars().noneMatch(c -> c < ' ' || c == '\'' || c == '"' || c == '\\');
    }

    private void checkRange(long value, long least, long most, String name, String range) {
        require(value >= least && value <= most, name + " must be " + range);
    }

    private void require(boolean holds, String fault) {
        if (!holds) {
            faults.add(fault);
        }
    }

    private <T> T checked(Supplier<T> parse) {
        try {
            return parse.get();
        } catch (IllegalArgumentException e) {
            faults.add(e.getMessage());
            return null;
        }
    }
}
