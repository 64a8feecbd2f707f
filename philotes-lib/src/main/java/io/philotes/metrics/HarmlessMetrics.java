// SPDX-License-Identifier: Apache-2.0
package io.philotes.metrics;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what other metrics throw from whoever tells them something: a registry that refuses a meter must not end a pipeline,
 * nor make a commit that landed look as if it had not. It reaches the log, once for each method. Thread-safe.
 */
public final class HarmlessMetrics implements InvocationHandler {

    private static final Logger LOG = LoggerFactory.getLogger(HarmlessMetrics.class);

    private final PipelineMetrics real;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    private HarmlessMetrics(PipelineMetrics real) {
        this.real = real;
    }

    /** The same metrics, those for a pipeline or a sink that they answer too, none of which throws a RuntimeException. */
    public static PipelineMetrics of(PipelineMetrics metrics) {
        if (metrics == PipelineMetrics.NONE) {
            return metrics;
        }
        return (PipelineMetrics) Proxy.newProxyInstance(
                PipelineMetrics.class.getClassLoader(),
                new Class<?>[] {PipelineMetrics.class},
                new HarmlessMetrics(metrics));
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        try {
            Object answer = method.invoke(real, arguments);
            return answer instanceof PipelineMetrics others ? of(others) : answer;
        } catch (InvocationTargetException e) {
            if (!(e.getCause() instanceof RuntimeException failure)
                    || method.getDeclaringClass() != PipelineMetrics.class) {
                throw e.getCause();
            }
            if (told.add(method.getName())) {
                LOG.warn(
                        "Metrics failed at {}; the pipeline goes on: {}",
                        method.getName(),
                        real.getClass().getName(),
                        failure);
            }
            return method.getReturnType() == PipelineMetrics.class ? PipelineMetrics.NONE : null;
        }
    }
}
