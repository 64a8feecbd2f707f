// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.testkit.Meters;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.exceptions.ServiceUnavailableException;
import org.apache.iceberg.rest.RESTClient;
import org.apache.iceberg.rest.auth.AuthSession;
import org.apache.iceberg.rest.responses.ConfigResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CountedClientTest {

    private static final String TABLE = "v1/shop/namespaces/lake/tables/orders";

    private final Meters meters = new Meters();
    private final List<String> called = new ArrayList<>();
    private RuntimeException failure;

    /** Takes every call itself, also those that have a default. */
    private final RESTClient real = (RESTClient) Proxy.newProxyInstance(
            RESTClient.class.getClassLoader(), new Class<?>[] {RESTClient.class}, (proxy, method, arguments) -> {
                called.add(method.getName());
                if (failure != null) {
                    throw failure;
                }
                return method.getName().equals("withAuthSession") ? proxy : null;
            });

    private final RESTClient client = CountedClient.around(real, meters::metrics);

    private double requests(String op, String outcome) {
        return meters.value("philotes.catalog.requests", "op", op, "outcome", outcome);
    }

    private void get(RESTClient from, String path) {
        from.get(path, ConfigResponse.class, Map.of(), error -> {});
    }

    @Test
    void each_request_is_handed_on_and_counted_once() throws Exception {
        get(client, TABLE);
        get(client.withAuthSession(AuthSession.EMPTY), TABLE);
        client.post(TABLE, null, ConfigResponse.class, Map.of(), error -> {}, headers -> {});
        client.close();
        assertThat(called).containsExactly("get", "withAuthSession", "get", "post", "close");
        assertThat(requests("load-table", "success")).isEqualTo(2);
        assertThat(requests("commit", "success")).isEqualTo(1);
        assertThat(meters.value("philotes.catalog.requests")).isEqualTo(3);
    }

    @Test
    void a_failure_is_the_clients_own_and_counted_by_its_kind() {
        fails(new NoSuchTableException("gone"), "missing");
        fails(new CommitFailedException("moved"), "conflict");
        fails(new ServiceUnavailableException("later"), "failure");
    }

    private void fails(RuntimeException with, String outcome) {
        failure = with;
        assertThatThrownBy(() -> get(client, TABLE)).isSameAs(with);
        assertThat(requests("load-table", outcome)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "get, v1/config, config",
        "postForm, v1/oauth/tokens, token",
        "get, v1/namespaces, namespace",
        "post, v1/p/namespaces/lake, namespace",
        "get, v1/p/namespaces/tables, namespace",
        "post, v1/p/namespaces/lake/tables, create-table",
        "get, v1/p/namespaces/tables/tables, list-tables",
        "get, v1/p/namespaces/lake/tables/tables, load-table",
        "head, v1/namespaces/lake/tables/orders, load-table",
        "post, v1/namespaces/lake/tables/orders, commit",
        "delete, v1/namespaces/lake/tables/orders, drop-table",
        "get, v1/namespaces/lake/tables/orders/credentials, credentials",
        "post, v1/namespaces/lake/tables/orders/metrics, other",
        "post, v1/p/transactions/commit, commit",
        "post, v1/p/tables/rename, other",
        "get, v1/p/namespaces/lake/views/commit, other",
    })
    void a_request_is_named_by_what_it_asks_and_not_by_whom(String method, String path, String operation) {
        assertThat(CatalogOperation.of(method, path)).isEqualTo(operation);
    }
}
