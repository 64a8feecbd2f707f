// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.philotes.runner.terminal.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@code verify} ends with, by what a server reports: 0 only when something was compared, and all of it is equal. */
class VerifyExitTest {

    private final StringWriter out = new StringWriter();
    private HttpServer server;
    private String report;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String answer = exchange.getRequestMethod().equals("POST")
                    ? "{\"pipeline\": \"shop\", \"run\": 1}"
                    : "{\"state\": \"DONE\", \"report\": " + report + "}";
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private int verify(String... tables) {
        report = "{\"pipeline\": \"shop\", \"tables\": [" + String.join(", ", tables) + "]}";
        PrintWriter err = new PrintWriter(new StringWriter());
        Terminal terminal = new Terminal(new PrintWriter(out), err, Map.<String, String>of()::get, false);
        return new Cli(terminal)
                .run(
                        "verify",
                        "shop",
                        "--server",
                        "http://localhost:" + server.getAddress().getPort());
    }

    private static String table(String verdict) {
        return "{\"table\": \"public.t\", \"sink\": \"sink\", \"verdict\": \"" + verdict + "\"}";
    }

    @Test
    void nothing_compared_is_no_success() {
        assertThat(verify()).isEqualTo(1);
        assertThat(out.toString()).contains("nothing was compared");
        assertThat(verify(table("EQUAL"))).isZero();
    }

    @Test
    void a_table_that_could_not_be_compared_is_no_success_unless_it_holds_a_history() {
        assertThat(verify(table("EQUAL"), table("NOT_COMPARED"))).isEqualTo(1);
        assertThat(out.toString()).contains("public.t: not compared");
        assertThat(verify(table("EQUAL"), table("NOT_COMPARABLE"))).isZero();
    }

    @Test
    void the_worst_table_decides_whatever_the_order() {
        assertThat(verify(table("EQUAL"), table("UNDECIDED"), table("NOT_COMPARABLE")))
                .isEqualTo(75);
        assertThat(verify(table("UNDECIDED"), table("NOT_COMPARED"), table("EQUAL")))
                .isEqualTo(1);
        assertThat(verify(table("DIFFERENT"), table("UNDECIDED"))).isEqualTo(1);
    }
}
