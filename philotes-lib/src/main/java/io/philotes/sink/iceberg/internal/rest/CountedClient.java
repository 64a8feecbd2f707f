// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.rest;

import io.philotes.metrics.PipelineMetrics;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.exceptions.NoSuchViewException;
import org.apache.iceberg.rest.RESTClient;

/**
 * Stands before a REST client, hands every call on as it is, and tells of those that ask the server something. A proxy, so that a
 * method which a later Iceberg adds goes to the client and not to a default of its own. Thread-safe, as clients are.
 */
final class CountedClient implements InvocationHandler {

    private static final Set<String> REQUESTS = Set.of("head", "get", "post", "postForm", "delete");

    private final RESTClient client;
    private final Supplier<PipelineMetrics> metrics;

    private CountedClient(RESTClient client, Supplier<PipelineMetrics> metrics) {
        this.client = client;
        this.metrics = metrics;
    }

    /** @param metrics asked with each request */
    static RESTClient around(RESTClient client, Supplier<PipelineMetrics> metrics) {
        return (RESTClient) Proxy.newProxyInstance(
                CountedClient.class.getClassLoader(),
                new Class<?>[] {RESTClient.class},
                new CountedClient(client, metrics));
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        if (REQUESTS.contains(method.getName())) {
            return ask(method, arguments);
        }
        Object answer = call(method, arguments);
        return answer instanceof RESTClient other ? around(other, metrics) : answer;
    }

    private Object call(Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(client, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private Object ask(Method method, Object[] arguments) throws Throwable {
        long began = System.nanoTime();
        String outcome = "failure";
        try {
            Object answer = call(method, arguments);
            outcome = "success";
            return answer;
        } catch (CommitFailedException | AlreadyExistsException e) {
            outcome = "conflict";
            throw e;
        } catch (NoSuchTableException | NoSuchNamespaceException | NoSuchViewException e) {
            outcome = "missing";
            throw e;
        } finally {
            metrics.get()
                    .catalogAnswered(
                            CatalogOperation.of(method.getName(), (String) arguments[0]),
                            outcome,
                            Duration.ofNanos(System.nanoTime() - began));
        }
    }
}
