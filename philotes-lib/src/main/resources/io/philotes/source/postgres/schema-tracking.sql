-- SPDX-License-Identifier: Apache-2.0
-- Philotes: tells the pipelines of this database of every change to a table's definition, where it happens in the WAL.
--
-- Optional, once for each database, by a superuser (or the provider's role that may create event triggers); to be run again
-- after an upgrade of Philotes. Writes a small logical message for each table that is created, altered or dropped, in the
-- transaction that does it; touches no table, and never makes a statement fail. To remove it:
--
--   DROP EVENT TRIGGER philotes_ddl; DROP EVENT TRIGGER philotes_drop; DROP SCHEMA philotes CASCADE;
--
BEGIN;

CREATE SCHEMA IF NOT EXISTS philotes;

-- What stands here is called with this role's rights by whoever alters a table: nobody else may have a hand in it.
DO $philotes$
BEGIN
    IF EXISTS (SELECT FROM pg_catalog.pg_namespace n LEFT JOIN pg_catalog.pg_proc p ON p.pronamespace = n.oid
               WHERE n.nspname = 'philotes'
                   AND (n.nspowner <> current_user::regrole OR p.proowner <> current_user::regrole)) THEN
        RAISE EXCEPTION 'schema philotes, or a function in it, belongs to another role than %', current_user;
    END IF;
END;
$philotes$;

CREATE OR REPLACE FUNCTION philotes.table_pictures(tables oid[]) RETURNS TABLE (oid oid, picture text)
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $philotes$
-- @table-pictures@
$philotes$;

-- A message's place is its end, which is where the next record begins. What the next one changes may then come first, when
-- one of both is in a savepoint (every EXCEPTION block is one): so another record follows at once.
CREATE OR REPLACE FUNCTION philotes.emit(what text, content json) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $philotes$
SELECT pg_logical_emit_message(
    true, 'philotes_table', convert_to(json_build_object('writer', NULL, what, content)::text, 'UTF8'));
SELECT pg_logical_emit_message(true, 'philotes_hb', '');
$philotes$;

-- The tables, all of which they are parts or heirs, and all parts and heirs of theirs: ALTER TABLE names one of them only.
CREATE OR REPLACE FUNCTION philotes.with_relatives(tables oid[]) RETURNS oid[]
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $philotes$
WITH RECURSIVE up(oid) AS (
    SELECT t FROM unnest(tables) t
    UNION
    SELECT i.inhparent FROM up JOIN pg_inherits i ON i.inhrelid = up.oid
), down(oid) AS (
    SELECT t FROM unnest(tables) t
    UNION
    SELECT i.inhrelid FROM down JOIN pg_inherits i ON i.inhparent = down.oid
)
SELECT array_agg(r.oid ORDER BY r.oid) FROM (SELECT oid FROM up UNION SELECT oid FROM down) r;
$philotes$;

-- The tables that have values of a type, however deep inside.
CREATE OR REPLACE FUNCTION philotes.tables_with(types oid[]) RETURNS SETOF oid
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $philotes$
WITH RECURSIVE found(type, relation) AS (
    SELECT t, 0::oid FROM unnest(types) t
    UNION
    SELECT coalesce(t.oid, c.reltype), coalesce(c.oid, 0)
    FROM found f JOIN pg_depend d ON d.refclassid = 'pg_type'::regclass AND d.refobjid = f.type
         LEFT JOIN pg_type t ON d.classid = 'pg_type'::regclass AND t.oid = d.objid
         LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
    WHERE f.type <> 0 AND (t.oid IS NOT NULL OR c.oid IS NOT NULL)
)
SELECT f.relation FROM found f JOIN pg_class c ON c.oid = f.relation WHERE c.relkind IN ('r', 'p');
$philotes$;

-- Values in pictures have one text, whatever the session's settings. A transaction that keeps its first snapshot cannot see
-- what others altered meanwhile: what it alters is told without a picture.
CREATE OR REPLACE FUNCTION philotes.tell(tables oid[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres' SET timezone = 'UTC' SET bytea_output = 'hex'
SET extra_float_digits = 3 SET lc_monetary = 'C' SET xmlbinary = 'base64' AS $philotes$
DECLARE
    one oid;
    why text := 'the trigger does not work in transactions that are ' || current_setting('transaction_isolation');
BEGIN
    IF current_setting('transaction_isolation') IN ('read committed', 'read uncommitted') THEN
        BEGIN
            -- What another transaction alters just now, and tells of itself, must not be told as it was before.
            FOREACH one IN ARRAY tables LOOP
                EXECUTE format('LOCK TABLE ONLY %s IN ACCESS SHARE MODE NOWAIT', one::regclass);
            END LOOP;
            PERFORM philotes.emit('table', p.picture::json) FROM philotes.table_pictures(tables) p;
            RETURN;
        EXCEPTION WHEN OTHERS THEN
            why := SQLERRM;
            RAISE WARNING 'philotes: tables must be copied again: %', why;
        END;
    END IF;
    FOREACH one IN ARRAY tables LOOP
        PERFORM philotes.emit('failed', json_build_object('oid', one::int8, 'why', why));
    END LOOP;
END;
$philotes$;

CREATE OR REPLACE FUNCTION philotes.on_ddl() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $philotes$
DECLARE
    touched oid[];
BEGIN
    SELECT array_agg(DISTINCT t.oid) INTO touched
    FROM pg_event_trigger_ddl_commands() d CROSS JOIN LATERAL (
        SELECT c.oid FROM pg_class c WHERE d.classid = 'pg_class'::regclass AND c.oid = d.objid
        UNION ALL
        SELECT philotes.tables_with(ARRAY[c.reltype]) FROM pg_class c
        WHERE d.classid = 'pg_class'::regclass AND c.oid = d.objid AND c.reltype <> 0
        UNION ALL
        SELECT philotes.tables_with(ARRAY[d.objid]) WHERE d.classid = 'pg_type'::regclass
        UNION ALL
        SELECT c.oid FROM pg_class c WHERE d.classid = 'pg_namespace'::regclass AND d.command_tag = 'ALTER SCHEMA'
            AND c.relnamespace = d.objid
        UNION ALL
        SELECT r.prrelid FROM pg_publication_rel r WHERE d.classid = 'pg_publication_rel'::regclass AND r.oid = d.objid
    ) t JOIN pg_class c ON c.oid = t.oid WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't';
    IF touched IS NOT NULL THEN
        PERFORM philotes.tell(philotes.with_relatives(touched));
    END IF;
EXCEPTION WHEN OTHERS THEN
    RAISE WARNING 'philotes: tables must be copied again: %', SQLERRM;
    PERFORM philotes.emit('failed', json_build_object('oid', NULL, 'why', SQLERRM));
END;
$philotes$;

CREATE OR REPLACE FUNCTION philotes.on_drop() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $philotes$
DECLARE
    touched oid[];
BEGIN
    PERFORM philotes.emit('gone', json_build_object(
        'oid', d.objid::int8, 'schema', d.schema_name, 'name', d.object_name, 'why', 'it was dropped'))
    FROM pg_event_trigger_dropped_objects() d WHERE d.object_type = 'table' AND NOT d.is_temporary;
    -- Columns that went with their type; those that ALTER TABLE dropped are told of at its end.
    SELECT array_agg(DISTINCT c.oid) INTO touched
    FROM pg_event_trigger_dropped_objects() d JOIN pg_class c ON c.oid = d.objid
    WHERE d.object_type = 'table column' AND c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
        AND tg_tag <> 'ALTER TABLE';
    IF touched IS NOT NULL THEN
        PERFORM philotes.tell(philotes.with_relatives(touched));
    END IF;
EXCEPTION WHEN OTHERS THEN
    RAISE WARNING 'philotes: tables must be copied again: %', SQLERRM;
    PERFORM philotes.emit('failed', json_build_object('oid', NULL, 'why', SQLERRM));
END;
$philotes$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA philotes FROM PUBLIC;

DROP EVENT TRIGGER IF EXISTS philotes_ddl;
DROP EVENT TRIGGER IF EXISTS philotes_drop;
CREATE EVENT TRIGGER philotes_ddl ON ddl_command_end EXECUTE FUNCTION philotes.on_ddl();
CREATE EVENT TRIGGER philotes_drop ON sql_drop EXECUTE FUNCTION philotes.on_drop();
ALTER EVENT TRIGGER philotes_ddl ENABLE ALWAYS;
ALTER EVENT TRIGGER philotes_drop ENABLE ALWAYS;

COMMIT;
