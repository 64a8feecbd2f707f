// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** What is refused before a handler sees it, such as a malformed request, is a problem too. Thread-safe. */
final class ErrorPage extends ErrorHandler {

    @Override
    protected void generateResponse(
            Request request, Response response, int code, String message, Throwable cause, Callback callback) {
        String problem = "{\"type\":\"about:blank\",\"title\":\"" + ProblemJson.title(code) + "\",\"status\":" + code
                + ",\"detail\":\"the request could not be understood\",\"instance\":\"\"}";
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, ProblemJson.CONTENT_TYPE);
        Content.Sink.write(response, true, problem, callback);
    }

    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }
}
