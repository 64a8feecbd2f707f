// SPDX-License-Identifier: Apache-2.0
package io.philotes.catalogs;

import com.sun.net.httpserver.HttpExchange;
import io.philotes.testkit.HttpRelay;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Stands between the sink and a REST catalog; on command it spoils the next commit of rows. Thread-safe. */
final class RestProxy extends HttpRelay {

    private static final String COMMON_COMMIT = "/transactions/commit";

    private final AtomicReference<CommitFault> next = new AtomicReference<>();
    private final AtomicInteger commonCommits = new AtomicInteger();
    private final AtomicInteger commitsAlone = new AtomicInteger();

    RestProxy(String target) throws IOException {
        super(target);
    }

    void spoilNext(CommitFault fault) {
        next.set(fault);
    }

    /** How many requests for all tables at once have come. */
    int commonCommits() {
        return commonCommits.get();
    }

    /** How many requests that commit rows of one table have come. */
    int commitsAlone() {
        return commitsAlone.get();
    }

    private static boolean isCommon(HttpExchange exchange) {
        return exchange.getRequestURI().getPath().endsWith(COMMON_COMMIT);
    }

    boolean isSpoilt() {
        return next.get() == null;
    }

    @Override
    protected void handle(HttpExchange exchange, byte[] body) throws IOException {
        if (isCommon(exchange)) {
            commonCommits.incrementAndGet();
        }
        if (isCommit(exchange, body) && !isCommon(exchange)) {
            commitsAlone.incrementAndGet();
        }
        CommitFault fault = isCommit(exchange, body) ? next.getAndSet(null) : null;
        HttpResponse<byte[]> reply = fault == null || fault.forwarded() ? forward(exchange, body) : null;
        if (fault == null) {
            answer(exchange, reply.statusCode(), reply.body());
        } else if (fault.status() != 0) {
            if (fault.retryAfter()) {
                exchange.getResponseHeaders().set("Retry-After", "1");
            }
            fail(exchange, fault.status(), "Test", fault.name());
        }
    }

    private static boolean isCommit(HttpExchange exchange, byte[] body) {
        return exchange.getRequestMethod().equals("POST")
                && new String(body, StandardCharsets.UTF_8).contains("\"add-snapshot\"");
    }
}
