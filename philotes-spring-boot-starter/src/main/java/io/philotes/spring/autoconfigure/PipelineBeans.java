// SPDX-License-Identifier: Apache-2.0
package io.philotes.spring.autoconfigure;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Finds the application's beans that are parts of a pipeline. A bean with the pipeline's name, or that name as its qualifier,
 * belongs to that pipeline; any other one to the only pipeline there is. Thread-safe.
 */
final class PipelineBeans {

    private final ConfigurableListableBeanFactory beans;

    PipelineBeans(ConfigurableListableBeanFactory beans) {
        this.beans = beans;
    }

    boolean has(Class<?> type) {
        return beans.getBeanNamesForType(type, true, false).length > 0;
    }

    /** @throws PhilotesException INVALID_CONFIGURATION when it cannot be told whose a bean is, or there are several */
    <T> Optional<T> one(Class<T> type, String pipeline, List<String> pipelines) {
        List<String> names = names(type, pipeline, pipelines);
        if (names.size() > 1) {
            throw unclear(type, pipeline, names, "one is needed");
        }
        return names.stream().findFirst().map(name -> beans.getBean(name, type));
    }

    /** By the beans' names. @throws PhilotesException INVALID_CONFIGURATION when it cannot be told whose a bean is */
    <T> Map<String, T> all(Class<T> type, String pipeline, List<String> pipelines) {
        Map<String, T> found = new TreeMap<>();
        names(type, pipeline, pipelines).forEach(name -> found.put(name, beans.getBean(name, type)));
        return found;
    }

    private List<String> names(Class<?> type, String pipeline, List<String> pipelines) {
        List<String> candidates = Arrays.asList(beans.getBeanNamesForType(type, true, false));
        List<String> own = new ArrayList<>();
        List<String> nobodys = new ArrayList<>();
        for (String candidate : candidates) {
            if (isOf(candidate, pipeline)) {
                own.add(candidate);
            } else if (pipelines.stream().noneMatch(other -> isOf(candidate, other))) {
                nobodys.add(candidate);
            }
        }
        if (pipelines.size() > 1 && !nobodys.isEmpty()) {
            throw unclear(type, pipeline, nobodys, "each belongs to one of the pipelines");
        }
        return own.isEmpty() ? nobodys : own;
    }

    private boolean isOf(String bean, String pipeline) {
        return BeanFactoryAnnotationUtils.isQualifierMatch(pipeline::equals, bean, beans);
    }

    private static PhilotesException unclear(Class<?> type, String pipeline, List<String> names, String why) {
        return new PhilotesException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "Cannot choose the " + type.getSimpleName() + " of the pipeline " + pipeline
                                + " among the beans " + String.join(", ", names) + ": " + why)
                .hinting("annotate the bean with @Qualifier(\"" + pipeline + "\")");
    }
}
