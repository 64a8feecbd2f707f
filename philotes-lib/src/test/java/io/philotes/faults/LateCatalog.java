// SPDX-License-Identifier: Apache-2.0
package io.philotes.faults;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.Supplier;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.SupportsNamespaces;

/** A catalog that is opened when it is first used, and again when that failed: what is away at a start may come later. */
final class LateCatalog implements InvocationHandler {

    private final Supplier<Catalog> opening;
    private Catalog catalog;

    private LateCatalog(Supplier<Catalog> opening) {
        this.opening = opening;
    }

    static Catalog of(Supplier<Catalog> opening) {
        return (Catalog) Proxy.newProxyInstance(
                LateCatalog.class.getClassLoader(),
                new Class<?>[] {Catalog.class, SupportsNamespaces.class},
                new LateCatalog(opening));
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        if (method.getName().equals("name")) {
            return "late";
        }
        try {
            return method.invoke(catalog(), arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private synchronized Catalog catalog() {
        if (catalog == null) {
            catalog = opening.get();
        }
        return catalog;
    }
}
