// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.postgres;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;

/**
 * Connections that break at a chosen statement: before it, or after it was done, so that only the answer is lost, or so that the
 * server does not notice; and that say of chosen statements that somebody else holds a lock.
 */
final class FaultySource {

    /** What happens to the connection at the chosen statement. */
    enum Fault {
        BEFORE,
        AFTER,

        /** Before it, and the server goes on as if its client were there. */
        UNNOTICED
    }

    private static final Set<String> STATEMENTS = Set.of("execute", "executeUpdate", "executeQuery", "commit");

    private static final Set<String> ENDS = Set.of("abort", "close");

    private final DataSource real;
    private final AtomicInteger untilFault = new AtomicInteger(-1);
    private volatile Fault fault;
    private final Set<Connection> unnoticed = ConcurrentHashMap.newKeySet();
    private volatile Predicate<String> locked = sql -> false;

    FaultySource(DataSource real) {
        this.real = real;
    }

    /** Breaks whichever connection runs the n-th statement from now; 0 is the next one. */
    void breakAt(int statements, Fault how) {
        fault = how;
        untilFault.set(statements);
    }

    void noFault() {
        untilFault.set(-1);
    }

    /** Whether a statement waits for a lock in vain; asked at each that is not prepared. */
    void locked(Predicate<String> statements) {
        locked = statements;
    }

    DataSource source() {
        return proxy(DataSource.class, real, real::getConnection);
    }

    /** Gets what a proxy needs to break its connection. */
    @FunctionalInterface
    private interface Connections {
        Connection get() throws SQLException;
    }

    private <T> T proxy(Class<T> type, Object target, Connections connections) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (p, method, arguments) -> {
                    if (target == real && method.getName().equals("getConnection")) {
                        Connection connection = connections.get();
                        return proxy(Connection.class, connection, () -> connection);
                    }
                    if (method.getName().equals("execute") && arguments != null && locked.test((String) arguments[0])) {
                        throw new SQLException("somebody holds the table", "55P03");
                    }
                    boolean isHit = STATEMENTS.contains(method.getName())
                            && untilFault.getAndUpdate(n -> n < 0 ? n : n - 1) == 0;
                    if (isHit && fault == Fault.UNNOTICED) {
                        unnoticed.add(connections.get());
                        throw new PSQLException("the network is gone", PSQLState.CONNECTION_FAILURE);
                    }
                    if (isHit && fault == Fault.BEFORE) {
                        throw broken(connections.get());
                    }
                    if (target instanceof Connection && ENDS.contains(method.getName()) && unnoticed.contains(target)) {
                        return null;
                    }
                    try {
                        Object result = method.invoke(target, arguments);
                        if (isHit) {
                            throw broken(connections.get());
                        }
                        return method.getName().equals("unwrap") ? result : wrapped(result, connections);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private Object wrapped(Object result, Connections connections) {
        if (result instanceof PreparedStatement statement) {
            return proxy(PreparedStatement.class, statement, connections);
        }
        return result instanceof java.sql.Statement statement
                ? proxy(java.sql.Statement.class, statement, connections)
                : result;
    }

    private static SQLException broken(Connection connection) throws SQLException {
        connection.abort(Runnable::run);
        return new PSQLException("the connection broke", PSQLState.CONNECTION_FAILURE);
    }
}
