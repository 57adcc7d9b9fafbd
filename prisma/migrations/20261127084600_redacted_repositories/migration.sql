-- A captured card may declare a repository whose name was redacted since: the name, and nothing else of the capture, may
-- become the mark. Everything else of a capture stays as it was seen.
CREATE FUNCTION refuse_change_but_repository() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND only_differ(to_jsonb(OLD), to_jsonb(NEW), 'declared')
     AND OLD.declared - 'baseModels' = NEW.declared - 'baseModels'
     AND NEW.declared->'baseModels' @> to_jsonb(redaction_mark())
     AND EXISTS (SELECT FROM log_redaction WHERE scope = 'repository' AND erased_at IS NOT NULL) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% on append-only table "%" is refused', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END
$$;

DROP TRIGGER append_only ON "capture";
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "capture"
  FOR EACH ROW EXECUTE FUNCTION refuse_change_but_repository();

-- The same for the metadata fingerprint of a registration, which names its release: its digest stays, its document goes.
CREATE FUNCTION refuse_change_but_redacted_document() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND only_differ(to_jsonb(OLD), to_jsonb(NEW), 'document')
     AND NEW.document = '{"redacted": true}'::jsonb
     AND EXISTS (SELECT FROM log_redaction WHERE scope = 'repository' AND erased_at IS NOT NULL) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% on append-only table "%" is refused', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END
$$;

DROP TRIGGER append_only ON "fingerprint";
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "fingerprint"
  FOR EACH ROW EXECUTE FUNCTION refuse_change_but_redacted_document();
