// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.model.TableId;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with the selection of tables and their rules, as far as it can be known without a server. Stateless. */
final class RulesChecks {

    private RulesChecks() {}

    static List<String> faults(TableSelection tables) {
        List<String> faults = new ArrayList<>();
        for (TablePattern pattern : tables.included()) {
            pattern.table()
                    .filter(tables::leavesOut)
                    .ifPresent(table -> faults.add("table " + table + " is both named and excluded"));
        }
        return faults;
    }

    static List<String> faults(TableSelection tables, TableId table, TableRules rules) {
        List<String> faults = new ArrayList<>();
        if (!tables.covers(table)) {
            faults.add("there are rules for table " + table + ", which is not mirrored");
        }
        for (String column : rules.excluded()) {
            if (rules.masked().containsKey(column)) {
                faults.add("column " + column + " of table " + table + " is both excluded and masked");
            }
        }
        if (rules.excluded().contains("") || rules.masked().containsKey("")) {
            faults.add("a rule of table " + table + " names a column without a name");
        }
        rules.where()
                .flatMap(ConditionText::fault)
                .ifPresent(why -> faults.add("the where of table " + table + " " + why));
        return faults;
    }
}
