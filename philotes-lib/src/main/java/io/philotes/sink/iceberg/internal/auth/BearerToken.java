// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.auth;

import java.util.function.Supplier;
import org.apache.iceberg.exceptions.NotAuthorizedException;
import org.apache.iceberg.rest.RESTClient;

/**
 * A token that a person was given, asked for with each request: it may be another one then. While the place that it is read
 * from has none, as during a rotation, the request does not go out. Thread-safe, as its source is.
 */
public final class BearerToken implements Tokens {

    private final Supplier<String> source;

    /** @param source may throw, which counts as a token that is not accepted */
    public BearerToken(Supplier<String> source) {
        this.source = source;
    }

    @Override
    public String now(RESTClient client) {
        try {
            return source.get();
        } catch (RuntimeException e) {
            throw new NotAuthorizedException(e, "No token: %s", e.getMessage());
        }
    }
}
