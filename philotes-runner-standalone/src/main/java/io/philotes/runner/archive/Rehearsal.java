// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.archive;

import io.philotes.runner.cli.Cli;
import io.philotes.runner.demo.DemoPostgres;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * What a runner does in its first seconds, with a PostgreSQL of its own and a lake that goes with the directory: copies a table,
 * follows its changes, and asks catalogs and storages of the other kinds, which are not there. Stateless.
 */
final class Rehearsal {

    private static final String TABLE = """
            CREATE TABLE rehearsed (id bigint PRIMARY KEY, flag boolean, small smallint, medium int, amount numeric(12, 2),
                    real4 real, real8 float8, words text, code varchar(10), raw bytea, day date, clock time,
                    moment timestamp, instant timestamptz, uid uuid, doc jsonb, list int[])""";

    private static final String ROWS = """
            INSERT INTO rehearsed SELECT i, true, 1, 2, 3.45, 4.5, 5.5, 'six', 'seven', '\\x08', '2009-09-09', '10:10',
                    '2011-11-11 11:11', '2012-12-12 12:12Z', gen_random_uuid(), '{"a": [1]}', '{1,2}'
            FROM generate_series(%d, %d) i""";

    private static final String CONFIG = """
            version: 1
            sources:
              source: { type: postgres, url: "%1$s", username: %2$s, password: %3$s, ssl: { mode: prefer } }
            pipelines:
              rehearsal:
                source: source
                destination: { catalog: { type: local, warehouse: "%4$s/lake" } }
                commit: { interval: 100ms }
                tables: [public.rehearsed]
              in-s3:
                source: source
                destination:
                  catalog: { type: jdbc, uri: "%1$s", username: %2$s, password: %3$s, warehouse: "s3://none/lake" }
                  storage: { preset: minio, endpoint: "http://127.0.0.1:%5$d", access-key: none, secret-key: none }
                tables: [public.rehearsed]
              over-rest:
                source: source
                destination: { catalog: { type: rest, uri: "https://127.0.0.1:%5$d", warehouse: lake } }
                tables: [public.rehearsed]
            state: { directory: "%4$s/state" }
            server: { port: 0 }
            """;

    private Rehearsal() {}

    /** With the directory to work in. Ends with 0 when the table was copied and followed. */
    public static void main(String[] args) throws IOException, SQLException {
        DemoPostgres postgres = DemoPostgres.start();
        Runtime.getRuntime().addShutdownHook(new Thread(postgres::close));
        System.exit(run(postgres, Path.of(args[0])));
    }

    private static int run(DemoPostgres postgres, Path directory) throws IOException, SQLException {
        String config = Files.writeString(
                        directory.resolve("rehearsal.yaml"),
                        CONFIG.formatted(
                                postgres.url(), DemoPostgres.USER, DemoPostgres.PASSWORD, directory, port(postgres)))
                .toString();
        execute(postgres, TABLE, ROWS.formatted(1, 10));
        askForPasswords(postgres);
        int code = Cli.ofProcess().run("run", "--once", "--only", "rehearsal", "--config", config);
        execute(
                postgres,
                ROWS.formatted(11, 20),
                "UPDATE rehearsed SET words = 'changed' WHERE id % 2 = 0",
                "DELETE FROM rehearsed WHERE id % 5 = 0");
        code = Math.max(code, Cli.ofProcess().run("run", "--once", "--only", "rehearsal", "--config", config));
        Cli.ofProcess().run("check", "--config", config);
        return code;
    }

    /** Where somebody answers, though neither as a storage nor as a catalog. */
    private static int port(DemoPostgres postgres) {
        return URI.create(postgres.url().substring("jdbc:".length())).getPort();
    }

    /** As real servers do. */
    private static void askForPasswords(DemoPostgres postgres) throws SQLException {
        execute(
                postgres,
                "ALTER ROLE " + DemoPostgres.USER + " PASSWORD '" + DemoPostgres.PASSWORD + "'",
                "DO $$ BEGIN EXECUTE format('COPY (SELECT ''host all,replication all all scram-sha-256'') TO %L',"
                        + " current_setting('hba_file')); END $$",
                "SELECT pg_reload_conf()");
    }

    private static void execute(DemoPostgres postgres, String... statements) throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
