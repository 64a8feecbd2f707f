-- SPDX-License-Identifier: Apache-2.0
-- What the catalog says of the tables whose oids are $1, one row each: oid, picture. One text for both its askers: the
-- pipeline, which asks now and then, and the event trigger, whose function it becomes. For PostgreSQL 14 and newer: what an
-- older one lacks is read through to_jsonb. CatalogPicture reads the answer.
WITH RECURSIVE wanted AS MATERIALIZED (
    SELECT c.oid, c.relname, c.relnamespace, c.relkind, c.relpersistence, c.relreplident, c.relfilenode, c.relnatts,
           c.relispartition
    FROM pg_catalog.pg_class c WHERE c.oid = ANY ($1) AND c.relkind IN ('r', 'p')
), parts(root, oid, born, links) AS (
    SELECT w.oid, b.oid, b.born, b.link
    FROM wanted w JOIN births b ON b.parent = w.oid WHERE w.relkind = 'p'
    UNION ALL
    SELECT p.root, b.oid, p.born AND b.born, p.links || ' ' || b.link FROM parts p JOIN births b ON b.parent = p.oid
), births(parent, oid, born, link) AS (
    -- A system column's row is as old as its table and never changes; ATTACH PARTITION writes the others of the partition
    -- anew, so that one of the same command shows that there was no ATTACH. What an aborted statement has marked shows that
    -- statement's number: it shows nothing.
    SELECT i.inhparent, i.inhrelid,
           i.xmin = s.xmin AND i.xmax = 0 AND s.xmax = 0 AND EXISTS (
               SELECT FROM pg_catalog.pg_attribute a
               WHERE a.attrelid = i.inhrelid AND a.attnum > 0 AND NOT a.attisdropped
                   AND a.xmax = 0 AND a.xmin = s.xmin AND a.cmin = s.cmin),
           i.xmin::text
    FROM pg_catalog.pg_inherits i
         JOIN pg_catalog.pg_attribute s ON s.attrelid = i.inhrelid AND s.attnum = -1
         JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid AND c.relispartition
    WHERE EXISTS (SELECT FROM wanted w WHERE w.relkind = 'p')
), ancestors(leaf, oid) AS (
    SELECT w.oid, i.inhparent
    FROM wanted w JOIN pg_catalog.pg_inherits i ON i.inhrelid = w.oid WHERE w.relispartition
    UNION ALL
    SELECT a.leaf, i.inhparent
    FROM ancestors a JOIN pg_catalog.pg_class c ON c.oid = a.oid AND c.relispartition
         JOIN pg_catalog.pg_inherits i ON i.inhrelid = a.oid
), uses(tab, type) AS (
    SELECT a.attrelid, a.atttypid FROM wanted w JOIN pg_catalog.pg_attribute a ON a.attrelid = w.oid
    WHERE a.attnum > 0 AND NOT a.attisdropped AND a.atttypid >= 16384
    UNION
    SELECT u.tab, n.type FROM uses u CROSS JOIN LATERAL (
        SELECT t.typelem FROM pg_catalog.pg_type t WHERE t.oid = u.type
        UNION ALL
        SELECT t.typbasetype FROM pg_catalog.pg_type t WHERE t.oid = u.type
        UNION ALL
        SELECT r.rngsubtype FROM pg_catalog.pg_range r WHERE u.type IN (r.rngtypid, r.rngmultitypid)
        UNION ALL
        SELECT a.atttypid FROM pg_catalog.pg_type t JOIN pg_catalog.pg_attribute a ON a.attrelid = t.typrelid
        WHERE t.oid = u.type AND t.typrelid <> 0 AND a.attnum > 0 AND NOT a.attisdropped) n(type)
    WHERE n.type >= 16384
), tracking AS MATERIALIZED (
    SELECT pg_catalog.string_agg(e.oid || ':' || e.xmin::text, ' ' ORDER BY e.oid) || ' '
           || (SELECT pg_catalog.string_agg(p.oid || ':' || p.xmin::text, ' ' ORDER BY p.oid)
               FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
               WHERE n.nspname = 'philotes') AS marks
    FROM pg_catalog.pg_event_trigger e
    WHERE e.evtname IN ('philotes_ddl', 'philotes_drop') AND e.evtenabled = 'A' HAVING pg_catalog.count(*) = 2
)
SELECT w.oid, pg_catalog.json_build_object(
    'oid', w.oid::int8,
    'schema', n.nspname,
    'name', w.relname,
    'kind', w.relkind,
    'persistence', w.relpersistence,
    'identity', w.relreplident,
    'file', w.relfilenode::int8,
    'natts', w.relnatts,
    -- attnum, name, type, modifier, not null, dropped, generated, version, what older rows show
    'attributes', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
                              a.attnum, a.attname, a.atttypid::int8, a.atttypmod, a.attnotnull, a.attisdropped,
                              a.attgenerated,
                              -- xmin alone is the same for two versions of one transaction
                              (a.xmin::text::int8 << 31) + (((a.ctid::text::point)[0]::int8 & 1048575) << 11)
                                  + (a.ctid::text::point)[1]::int8,
                              -- An array of one. Its text is not that of a text[]: a box has another delimiter, and so its
                              -- commas stand there unquoted.
                              CASE WHEN w.relkind = 'p' THEN (
                                  -- A root has no rows; what those of its partitions show, each partition knows.
                                  SELECT pg_catalog.max(pg_catalog.array_to_string(m.attmissingval, ''))
                                  FROM parts p JOIN pg_catalog.pg_attribute m ON m.attrelid = p.oid
                                  WHERE p.root = w.oid AND m.attname = a.attname AND m.attnum > 0)
                              ELSE pg_catalog.array_to_string(a.attmissingval, '') END) ORDER BY a.attnum)
                   FROM pg_catalog.pg_attribute a WHERE a.attrelid = w.oid AND a.attnum > 0),
    -- primary, replica identity, attnums
    'keys', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
                        x.indisprimary, x.indisreplident, x.indnkeyatts, x.indkey::text) ORDER BY x.indexrelid)
             FROM pg_catalog.pg_index x
             WHERE x.indrelid = w.oid AND x.indisvalid AND x.indimmediate AND (x.indisprimary OR x.indisreplident)),
    -- schema, name
    'ancestors', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(an.nspname, ac.relname))
                  FROM ancestors x JOIN pg_catalog.pg_class ac ON ac.oid = x.oid
                       JOIN pg_catalog.pg_namespace an ON an.oid = ac.relnamespace
                  WHERE x.leaf = w.oid),
    -- oid, name, file, version, persistence, born as a partition, versions of what ties it to the root
    'leaves', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
                          l.oid::int8, ln.nspname || '.' || l.relname, l.relfilenode::int8, l.xmin::text::int8,
                          l.relpersistence, p.born, p.links) ORDER BY l.oid)
               FROM parts p JOIN pg_catalog.pg_class l ON l.oid = p.oid
                    JOIN pg_catalog.pg_namespace ln ON ln.oid = l.relnamespace
               WHERE p.root = w.oid AND l.relkind <> 'p'),
    -- oid, name, enum or composite, labels or attributes
    'types', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
                         t.oid::int8, tn.nspname || '.' || t.typname, t.typtype, CASE t.typtype
                             WHEN 'e' THEN (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(e.oid::int8, e.enumlabel)
                                                                       ORDER BY e.oid)
                                            FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid)
                             ELSE (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(a.attnum, a.atttypid::int8::text)
                                                              ORDER BY a.attnum)
                                   FROM pg_catalog.pg_attribute a
                                   WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped)
                         END) ORDER BY t.oid)
              FROM uses u JOIN pg_catalog.pg_type t ON t.oid = u.type
                   JOIN pg_catalog.pg_namespace tn ON tn.oid = t.typnamespace
              WHERE u.tab = w.oid AND t.typtype IN ('e', 'c')),
    -- name, columns or all, fingerprint of the row filter, which generated columns, since when the table is a member and the
    -- options are what they are
    'publications', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
                                q.pubname, q.columns,
                                pg_catalog.md5(pg_catalog.regexp_replace(q.filter, ':location -?[0-9]+', '', 'g')),
                                q.generated, q.member) ORDER BY q.pubname)
                     FROM (SELECT p.pubname, pg_catalog.to_jsonb(r) ->> 'prattrs' AS columns,
                                  pg_catalog.to_jsonb(r) ->> 'prqual' AS filter,
                                  pg_catalog.to_jsonb(p) ->> 'pubgencols' AS generated,
                                  CASE WHEN r.oid IS NOT NULL OR c.objid IS NOT NULL OR p.puballtables THEN
                                      coalesce(r.oid || ':' || r.xmin::text, '') || coalesce('s' || c.objid, '') || ':'
                                          || p.xmin::text
                                  END AS member
                           FROM pg_catalog.pg_publication p
                                LEFT JOIN pg_catalog.pg_publication_rel r ON r.prpubid = p.oid AND r.prrelid = w.oid
                                -- that its schema is a member: 14 has no such table, but what depends on what says it, too
                                LEFT JOIN (pg_catalog.pg_depend c
                                           JOIN pg_catalog.pg_depend i ON i.classid = c.classid AND i.objid = c.objid)
                                    ON c.classid = pg_catalog.to_regclass('pg_catalog.pg_publication_namespace')
                                        AND c.refclassid = 'pg_catalog.pg_publication'::pg_catalog.regclass
                                        AND c.refobjid = p.oid
                                        AND i.refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass
                                        AND i.refobjid = w.relnamespace) q
                     WHERE q.member IS NOT NULL OR q.generated <> 'n'),
    'tracking', (SELECT marks FROM tracking))::text AS picture
FROM wanted w JOIN pg_catalog.pg_namespace n ON n.oid = w.relnamespace
