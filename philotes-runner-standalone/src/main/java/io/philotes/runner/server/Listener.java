// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import io.javalin.config.JavalinConfig;
import io.philotes.config.ServerConfig;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.EagerContentHandler;
import org.eclipse.jetty.server.handler.MinimumDataRateHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Where and how the server listens. Few threads, few connections, small bodies, and nobody may be slow for long: what a
 * stranger sends costs the pipelines little. Immutable.
 */
final class Listener {

    private static final int MAX_THREADS = 32;
    private static final int MIN_THREADS = 4;
    private static final int MAX_CONNECTIONS = 256;
    private static final int MAX_BODY_BYTES = 64 << 10;
    private static final int IDLE_MILLIS = 30_000;
    private static final int MIN_BYTES_PER_SECOND = 64;
    private static final int STOP_MILLIS = 2_000;

    private final ServerConfig config;

    Listener(ServerConfig config) {
        this.config = config;
    }

    void configure(JavalinConfig javalin) {
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, MIN_THREADS);
        threads.setName("philotes-http");
        threads.setDaemon(true);
        threads.setStopTimeout(STOP_MILLIS);
        javalin.jetty.threadPool = threads;
        javalin.jetty.addConnector(this::connector);
        javalin.jetty.modifyServer(Listener::limit);
        javalin.jetty.modifyHttpConfiguration(Listener::limit);
        javalin.http.maxRequestSize = MAX_BODY_BYTES;
        javalin.http.prefer405over404 = true;
    }

    private static void limit(Server server) {
        // What is under way is cut off: orders go on in threads of their own.
        server.setStopTimeout(0);
        server.setErrorHandler(new ErrorPage());
        // A body is waited for without a thread.
        Handler.Wrapper bodies =
                new EagerContentHandler(new EagerContentHandler.RetainedContentLoaderFactory(MAX_BODY_BYTES, 0, true));
        server.setHandler(new MinimumDataRateHandler(bodies, MIN_BYTES_PER_SECOND, MIN_BYTES_PER_SECOND));
        server.addBean(new NetworkConnectionLimit(MAX_CONNECTIONS, server));
    }

    private static void limit(HttpConfiguration http) {
        http.setSendServerVersion(false);
    }

    private Connector connector(Server server, HttpConfiguration http) {
        limit(http);
        ServerConnector connector = config.tls()
                .map(tls -> {
                    HttpConfiguration secure = new HttpConfiguration(http);
                    // Callers come by address as well as by name.
                    secure.addCustomizer(new SecureRequestCustomizer(false));
                    return new ServerConnector(server, new WatchedTls(tls), new HttpConnectionFactory(secure));
                })
                .orElseGet(() -> new ServerConnector(server, new HttpConnectionFactory(http)));
        connector.setHost(config.address());
        connector.setPort(config.port());
        connector.setIdleTimeout(IDLE_MILLIS);
        return connector;
    }

    String address(int port) {
        String host = config.address().contains(":") ? "[" + config.address() + "]" : config.address();
        return (config.tls().isPresent() ? "https://" : "http://") + host + ":" + port;
    }
}
