// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.philotes.config.PhilotesConfig;
import io.philotes.config.ServerConfig;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The management interface that {@code docs/openapi/philotes-v1.yaml} describes: health, metrics and {@code /api/v1}.
 * Thread-safe.
 */
public final class StatusServer implements AutoCloseable {

    /**
     * What the server tells of.
     *
     * @param pipelines what runs
     * @param metrics gives the metrics in Prometheus' text form
     * @param times where requests are counted
     */
    public record Parts(
            RunningPipelines pipelines, Supplier<String> metrics, RequestTimes times, ServerVersions versions) {}

    private final List<Route> routes = new ArrayList<>();
    private final Router router;
    private final Listener listener;
    private final Javalin server;

    private StatusServer(PhilotesConfig config, Parts parts) {
        Answers answers = new Answers();
        Guard guard = new Guard(config.server());
        this.router = new Router(guard, answers, parts.times());
        this.listener = new Listener(config.server());
        addRoutes(config, parts, guard, answers);
        this.server = Javalin.create(this::configure);
    }

    private void addRoutes(PhilotesConfig config, Parts parts, Guard guard, Answers answers) {
        RunningPipelines pipelines = parts.pipelines();
        Operations operations = new Operations(Clock.systemUTC());
        Orders orders = new Orders(pipelines, operations);
        Inspections inspections = new Inspections(config);
        routes.addAll(new InfoRoutes(parts.versions(), guard.hasKeys(), answers).routes());
        routes.addAll(new HealthRoutes(pipelines, orders, parts.metrics(), answers).routes());
        routes.addAll(new PipelineRoutes(pipelines, inspections, orders, answers).routes());
        routes.addAll(new ValidateRoute(config, answers).routes());
        routes.addAll(new SourceRoutes(config, inspections, answers).routes());
        routes.addAll(new LetterRoutes(pipelines, answers).routes());
        routes.addAll(new ResyncRoute(pipelines, answers).routes());
        routes.addAll(new VerifyRoute(pipelines, operations, answers).routes());
        routes.addAll(new OperationRoutes(operations, answers).routes());
    }

    /**
     * Starts to listen, as the configuration says.
     *
     * @throws PhilotesException INVALID_CONFIGURATION when certificate or key cannot be read, or nobody can listen there; by a
     *     {@link BindException} when only somebody else does, which may pass
     */
    public static StatusServer start(PhilotesConfig config, Parts parts) {
        ServerConfig listen = config.server();
        StatusServer server = new StatusServer(config, parts);
        try {
            server.server.start();
            return server;
        } catch (PhilotesException e) {
            throw e;
        } catch (RuntimeException e) {
            server.close();
            Exception cause = isTaken(listen) ? new BindException("somebody listens there already") : e;
            throw new PhilotesException(
                            ErrorCode.INVALID_CONFIGURATION,
                            "Cannot listen on " + listen.address() + ":" + listen.port() + ": " + cause.getMessage(),
                            cause)
                    .hinting("choose another server.port, or run with --no-server");
        }
    }

    /** Whether the address is this machine's, and the port answers; the system's own words depend on its language. */
    private static boolean isTaken(ServerConfig listen) {
        try (ServerSocket beside = new ServerSocket(0, 1, InetAddress.getByName(listen.address()));
                Socket other = new Socket(beside.getInetAddress(), listen.port())) {
            return other.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Reads what the configuration names, and starts nothing.
     *
     * @throws PhilotesException INVALID_CONFIGURATION for a key, or for files of TLS, that cannot be used
     */
    public static void check(ServerConfig config) {
        new Guard(config);
        config.tls().ifPresent(WatchedTls::new);
    }

    public int port() {
        return server.port();
    }

    /** Where it listens, as a caller on this machine would write it; the port is the real one. */
    public String address() {
        return listener.address(port());
    }

    List<Route> routes() {
        return List.copyOf(routes);
    }

    private void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.startupWatcherEnabled = false;
        listener.configure(config);
        router.register(config, routes);
    }

    /** Stops listening. Idempotent. */
    @Override
    public void close() {
        server.stop();
    }
}
