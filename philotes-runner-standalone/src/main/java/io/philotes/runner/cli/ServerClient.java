// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.philotes.config.ServerConfig;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.runner.server.PemFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the server of a running process. For one thread. */
final class ServerClient {

    private static final Logger LOG = LoggerFactory.getLogger(ServerClient.class);

    /** Where all of them are. */
    static final String PIPELINES = "/api/v1/pipelines";

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /** Before its tables are known, a pipeline asks its source. */
    private static final Duration PATIENCE_WITH_SOURCE = Duration.ofSeconds(60);

    private static final String MAY_BE_AT_WORK =
            "a philotes may be at work there: look at its process, or name another server with --server";

    private static final String TRUST =
            "a philotes may be at work there: name the configuration that has its certificate with"
                    + " --config, or whom to trust with PHILOTES_JAVA_OPTS=-Djavax.net.ssl.trustStore=…";

    /** Where to ask what listens everywhere. */
    private static final Map<String, String> LOOPBACK = Map.of("0.0.0.0", "127.0.0.1", "::", "::1");

    private final HttpClient client;
    private final String address;
    private final boolean named;
    private final Optional<String> key;

    private ServerClient(String address, boolean named, Optional<SSLContext> trust, Optional<String> key) {
        HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(PATIENCE);
        trust.ifPresent(builder::sslContext);
        this.client = builder.build();
        this.address = address.replaceFirst("/+$", "");
        this.named = named;
        this.key = key;
    }

    /**
     * With the key in $PHILOTES_KEY, which other users of the machine do not see, as they would see an option.
     *
     * @param named null for $PHILOTES_SERVER, the configured one, or the default
     */
    static ServerClient of(RootCommand root, String named) {
        UnaryOperator<String> environment = root.terminal().environment()::apply;
        Optional<String> key = nonEmpty(environment.apply("PHILOTES_KEY"));
        Optional<String> server = nonEmpty(named).or(() -> nonEmpty(environment.apply("PHILOTES_SERVER")));
        return server.map(url -> new ServerClient(url, true, ownCertificate(root, url), key))
                .orElseGet(() -> configured(root, key));
    }

    /** The named one may be the configured one under another name; whoever is elsewhere needs no configuration. */
    private static Optional<SSLContext> ownCertificate(RootCommand root, String url) {
        if (!url.startsWith("https:") || !root.isConfigured()) {
            return Optional.empty();
        }
        try {
            return root.configWithoutSecrets()
                    .server()
                    .tls()
                    .filter(tls -> Files.isReadable(tls.certificate()))
                    .map(PemFiles::trusting);
        } catch (PhilotesException e) {
            LOG.debug("{} is asked without what the configuration says", url, e);
            return Optional.empty();
        }
    }

    private static Optional<String> nonEmpty(String text) {
        return Optional.ofNullable(text).filter(t -> !t.isEmpty());
    }

    private static ServerClient configured(RootCommand root, Optional<String> key) {
        ServerConfig server =
                root.isConfigured() ? root.configWithoutSecrets().server() : new ServerConfig(null, null, null);
        String reachable = LOOPBACK.getOrDefault(server.address(), server.address());
        String host = reachable.contains(":") ? "[" + reachable + "]" : reachable;
        String scheme = server.tls().isPresent() ? "https://" : "http://";
        return new ServerClient(
                scheme + host + ":" + server.port(), false, server.tls().map(PemFiles::trusting), key);
    }

    String address() {
        return address;
    }

    /** Where a pipeline is asked for, whatever its name is. */
    static String pipeline(String name) {
        return PIPELINES + "/" + encoded(name);
    }

    /** As a part of a path, or of what stands behind it. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /**
     * Whether a person said where to ask: an option, or $PHILOTES_SERVER. It may be another machine's, and that nobody listens
     * there says nothing of what is at work with this one's configuration.
     */
    boolean isNamed() {
        return named;
    }

    JsonNode get(String path) throws InterruptedException {
        return answer(path, request(path).timeout(PATIENCE).build());
    }

    /** Of a path that answers with 503 and the reasons when not all is well. */
    JsonNode health(String path) throws InterruptedException {
        try {
            HttpResponse<String> response =
                    client.send(request(path).timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() == 200 || response.statusCode() == 503) {
                return Json.mapper().readTree(response.body());
            }
            throw refused(path, response.statusCode(), response.headers(), response.body());
        } catch (IOException e) {
            throw unreachable(path, "nothing answers there", e);
        }
    }

    JsonNode post(String path, Object body) throws InterruptedException {
        return answer(
                path,
                request(path)
                        .timeout(PATIENCE_WITH_SOURCE)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(Json.line(body)))
                        .build());
    }

    /** Saves an answer's body into a file that is there; throws when it is not whole. @return its headers */
    HttpHeaders download(String path, Path file) throws InterruptedException {
        try {
            HttpResponse<InputStream> response = client.send(
                    request(path).timeout(PATIENCE_WITH_SOURCE).build(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                if (response.statusCode() / 100 != 2) {
                    String text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
                    throw refused(path, response.statusCode(), response.headers(), text);
                }
                // Into the file that is there, which may be readable for its owner alone.
                try (OutputStream out = Files.newOutputStream(file)) {
                    body.transferTo(out);
                }
                return response.headers();
            }
        } catch (IOException e) {
            throw unreachable(path, "its answer broke off, or cannot be saved", e);
        }
    }

    private HttpRequest.Builder request(String path) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address + path));
            key.ifPresent(known -> request.header("Authorization", "Bearer " + known));
            return request;
        } catch (IllegalArgumentException e) {
            throw unreachable(path, "that is no address", e)
                    .hinting("write it as http://host:port, or https://host:port");
        }
    }

    /**
     * Whether nobody listens there. Then no philotes runs; one that is slow, breaks off or cannot be trusted may well be at
     * work, and what its own source answers says nothing of it.
     */
    static boolean isRefused(PhilotesException failure) {
        return failure.getCause() instanceof ConnectException refused && isRefused(refused);
    }

    /** Names that are not found, and hosts without a way to them, come as such a cause. */
    private static boolean isRefused(ConnectException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (!(cause instanceof ConnectException || cause instanceof ClosedChannelException)) {
                return false;
            }
        }
        return true;
    }

    private JsonNode answer(String path, HttpRequest request) throws InterruptedException {
        try {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() / 100 == 2) {
                return Json.mapper().readTree(response.body());
            }
            throw refused(path, response.statusCode(), response.headers(), response.body());
        } catch (IOException e) {
            PhilotesException unreachable = unreachable(path, why(e), e);
            throw isRefused(unreachable)
                    ? unreachable
                    : unreachable.hinting(e instanceof SSLException ? TRUST : MAY_BE_AT_WORK);
        }
    }

    private static String why(IOException failure) {
        if (failure instanceof SSLException) {
            return "TLS: " + failure.getMessage();
        }
        if (failure instanceof HttpTimeoutException) {
            return "it does not answer in time";
        }
        return failure instanceof ConnectException ? "nothing answers there" : "its answer broke off";
    }

    private PhilotesException refused(String path, int status, HttpHeaders headers, String text) throws IOException {
        if (!headers.firstValue("content-type").orElse("").startsWith("application/problem+json")) {
            return unreachable(path, "it answered " + status, null);
        }
        JsonNode body = Json.mapper().readTree(text);
        String code = body.path("code").asText();
        String detail = body.path("detail").asText();
        return Arrays.stream(ErrorCode.values())
                .filter(known -> known.code().equals(code))
                .findFirst()
                .map(known -> new PhilotesException(known, detail.replaceFirst("^" + known.code() + " ", "")))
                .orElseGet(() -> new PhilotesException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "Cannot ask the server at " + address + ": " + detail,
                        new StatusException(status)))
                .hinting(body.path("hint").asText("philotes status shows what there is"));
    }

    private PhilotesException unreachable(String path, String why, Throwable cause) {
        return new PhilotesException(
                        ErrorCode.SOURCE_UNREACHABLE, "Cannot ask the server at " + address + path + ": " + why, cause)
                .hinting("start philotes run with the server enabled, or name another one with --server");
    }
}
