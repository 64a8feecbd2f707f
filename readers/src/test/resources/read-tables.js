// SPDX-License-Identifier: Apache-2.0
// Prints what ClickHouse's engine answers: node read-tables.js <directory of chdb> <file of [{table, kind, sql}]>
'use strict';
const fs = require('fs');
const { query } = require(process.argv[2]);

for (const { table, kind, sql } of JSON.parse(fs.readFileSync(process.argv[3], 'utf8'))) {
  let rows;
  try {
    rows = query(sql, 'JSONEachRow').split('\n').filter((line) => line !== '').map((line) => ({ kind, row: JSON.parse(line) }));
  } catch (error) {
    rows = [{ kind: 'refused', row: { reason: String(error.message) } }];
  }
  rows.forEach((answer) => console.log(JSON.stringify({ table, ...answer })));
}
