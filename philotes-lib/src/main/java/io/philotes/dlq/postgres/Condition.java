// SPDX-License-Identifier: Apache-2.0
package io.philotes.dlq.postgres;

import io.philotes.dlq.DeadLetterFilter;
import io.philotes.dlq.DeadLetterState;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A filter as a condition of SQL, with its parameters. For one thread. */
final class Condition {

    private final StringBuilder sql = new StringBuilder("pipeline = ?");
    private final List<Object> parameters = new ArrayList<>();

    private Condition(String pipeline) {
        parameters.add(pipeline);
    }

    static Condition of(String pipeline, DeadLetterFilter filter) {
        Condition condition = new Condition(pipeline);
        filter.sink().ifPresent(sink -> condition.and("sink = ?", sink));
        filter.table().ifPresent(table -> {
            condition.and("table_schema = ?", table.schema());
            condition.and("table_name = ?", table.name());
        });
        filter.code().ifPresent(code -> condition.and("code = ?", code));
        filter.at().ifPresent(at -> {
            condition.and("commit_lsn = CAST(? AS pg_lsn)", at.commitLsn().toString());
            condition.and("ordinal = ?", at.ordinal());
        });
        if (!filter.states().isEmpty()) {
            condition.sql.append(" AND state IN (");
            for (DeadLetterState state : filter.states()) {
                condition.sql.append(condition.sql.toString().endsWith("(") ? "?" : ", ?");
                condition.parameters.add(state.name());
            }
            condition.sql.append(')');
        }
        return condition;
    }

    private void and(String more, Object parameter) {
        sql.append(" AND ").append(more);
        parameters.add(parameter);
    }

    String sql() {
        return sql.toString();
    }

    /** @return the number of the next parameter */
    int bind(PreparedStatement statement) throws SQLException {
        for (int i = 0; i < parameters.size(); i++) {
            statement.setObject(i + 1, parameters.get(i));
        }
        return parameters.size() + 1;
    }
}
