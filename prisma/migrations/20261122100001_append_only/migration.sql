-- Append-only tables: what is public stays as it was said. Written by hand; the schema cannot express triggers.
-- SQLSTATE 42501 (insufficient privilege): nobody may, whatever their role. Runs on PostgreSQL 15 and newer.

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on append-only table "%" is refused', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END
$$;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY[
    'audit_event', 'capture', 'fingerprint', 'canary_commitment', 'case_event', 'case_record',
    'post_version', 'link_capture', 'log_dedup'
  ] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %I
                    FOR EACH ROW EXECUTE FUNCTION refuse_change()', name);
    EXECUTE format('CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON %I
                    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', name);
  END LOOP;
END
$$;

-- Results: never changed; those of cases never removed either. Housekeeping removes results of expired look-ups.
CREATE FUNCTION refuse_losing_case_result() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM "run" WHERE "id" = OLD."run_id" AND "case_id" IS NOT NULL) THEN
    RAISE EXCEPTION 'DELETE of the result of a case run (%) is refused', OLD."run_id"
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN OLD;
END
$$;

CREATE TRIGGER append_only BEFORE UPDATE ON "run_result"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_delete BEFORE DELETE ON "run_result"
  FOR EACH ROW EXECUTE FUNCTION refuse_losing_case_result();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON "run_result"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A run stays with the case it was made for; otherwise the rule above could be walked around.
CREATE FUNCTION refuse_moving_case_run() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR NEW."case_id" IS DISTINCT FROM OLD."case_id" OR NEW."id" IS DISTINCT FROM OLD."id" THEN
    RAISE EXCEPTION '% of run % would take it from its case', TG_OP, OLD."id"
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END
$$;

CREATE TRIGGER keep_with_case BEFORE UPDATE OF "case_id", "id" OR DELETE ON "run"
  FOR EACH ROW WHEN (OLD."case_id" IS NOT NULL) EXECUTE FUNCTION refuse_moving_case_run();

-- A public case number is given once and never reused.
CREATE FUNCTION refuse_changing_case_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% of case % would lose its public number', TG_OP, OLD."public_id"
    USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER keep_number BEFORE UPDATE OF "public_id" ON "case"
  FOR EACH ROW WHEN (OLD."public_id" IS NOT NULL AND NEW."public_id" IS DISTINCT FROM OLD."public_id")
  EXECUTE FUNCTION refuse_changing_case_number();
CREATE TRIGGER keep_numbered BEFORE DELETE ON "case"
  FOR EACH ROW WHEN (OLD."public_id" IS NOT NULL) EXECUTE FUNCTION refuse_changing_case_number();
