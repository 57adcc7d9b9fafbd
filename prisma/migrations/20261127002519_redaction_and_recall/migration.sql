-- AlterTable
ALTER TABLE "claim" ADD COLUMN     "redaction_id" TEXT;

-- AlterTable
ALTER TABLE "model" ADD COLUMN     "redaction_id" TEXT;

-- AlterTable
ALTER TABLE "post_version" ADD COLUMN     "redaction_id" TEXT;

-- AlterTable
ALTER TABLE "run_result" ADD COLUMN     "redaction_id" TEXT;

-- CreateTable
CREATE TABLE "log_redaction" (
    "id" TEXT NOT NULL,
    "dedup_key" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "about" TEXT NOT NULL,
    "index" BIGINT,
    "reason" TEXT NOT NULL,
    "authority" TEXT NOT NULL,
    "blobs" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "proposed_by_id" TEXT NOT NULL,
    "proposed_at" TIMESTAMPTZ(3) NOT NULL,
    "erased_by_id" TEXT,
    "erased_at" TIMESTAMPTZ(3),
    "clean_at" TIMESTAMPTZ(3),
    "paths" TEXT[] DEFAULT ARRAY[]::TEXT[],

    CONSTRAINT "log_redaction_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "log_redaction_site" (
    "redaction_id" TEXT NOT NULL,
    "process_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "log_redaction_site_pkey" PRIMARY KEY ("redaction_id","process_id")
);

-- CreateTable
CREATE TABLE "site_process" (
    "id" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "site_process_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "method_recall" (
    "id" TEXT NOT NULL,
    "method" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "note" TEXT,
    "by_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "method_recall_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "method_recall_notice" (
    "recall_id" TEXT NOT NULL,
    "case_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "sent_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "method_recall_notice_pkey" PRIMARY KEY ("recall_id","case_id","user_id")
);

-- CreateIndex
CREATE INDEX "log_redaction_index_idx" ON "log_redaction"("index");

-- CreateIndex
CREATE INDEX "log_redaction_blobs_idx" ON "log_redaction" USING GIN ("blobs");

-- CreateIndex
CREATE UNIQUE INDEX "log_redaction_dedup_key_scope_key" ON "log_redaction"("dedup_key", "scope");

-- CreateIndex
CREATE INDEX "site_process_seen_at_idx" ON "site_process"("seen_at");

-- CreateIndex
CREATE UNIQUE INDEX "method_recall_method_version_key" ON "method_recall"("method", "version");

-- AddForeignKey
ALTER TABLE "claim" ADD CONSTRAINT "claim_redaction_id_fkey" FOREIGN KEY ("redaction_id") REFERENCES "log_redaction"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "post_version" ADD CONSTRAINT "post_version_redaction_id_fkey" FOREIGN KEY ("redaction_id") REFERENCES "log_redaction"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "log_redaction_site" ADD CONSTRAINT "log_redaction_site_redaction_id_fkey" FOREIGN KEY ("redaction_id") REFERENCES "log_redaction"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "method_recall_notice" ADD CONSTRAINT "method_recall_notice_recall_id_fkey" FOREIGN KEY ("recall_id") REFERENCES "method_recall"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "model" ADD CONSTRAINT "model_redaction_id_fkey" FOREIGN KEY ("redaction_id") REFERENCES "log_redaction"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_result" ADD CONSTRAINT "run_result_redaction_id_fkey" FOREIGN KEY ("redaction_id") REFERENCES "log_redaction"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What follows is written by hand. The one exception to "append-only": where a redaction stands that names the very act
-- that published the words, they may become the fixed mark below, once; nothing else of the row may change with them.

CREATE FUNCTION redaction_mark() RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT '[redacted · 遮蔽]' $$;

-- True when this redaction has been carried out on one of these acts.
CREATE FUNCTION is_redacted(redaction text, VARIADIC acts text[]) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM log_redaction
                 WHERE id = redaction AND erased_at IS NOT NULL AND scope = 'entry' AND dedup_key = ANY (acts))
$$;

-- True when nothing but these columns differs.
CREATE FUNCTION only_differ(before jsonb, after jsonb, VARIADIC columns text[]) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT before - columns = after - columns
$$;

CREATE FUNCTION refuse_change_but_redaction() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  mark CONSTANT text := redaction_mark();
  number text;
  allowed boolean := false;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    CASE TG_TABLE_NAME
      WHEN 'post_version' THEN
        SELECT c.public_id INTO number FROM post p JOIN "case" c ON c.id = p.case_id WHERE p.id = OLD.post_id;
        allowed := NEW.body = mark
          AND only_differ(to_jsonb(OLD), to_jsonb(NEW), 'body', 'redaction_id')
          AND is_redacted(NEW.redaction_id,
                format('evidence:%s:%s:%s', number, OLD.post_id, OLD.version),
                format('reply:%s:%s:%s', number, OLD.post_id, OLD.version),
                format('correct:%s:%s:%s', number, OLD.post_id, OLD.version));
      WHEN 'run_result' THEN
        allowed := NEW.document = '{"redacted":true}'
          AND only_differ(to_jsonb(OLD), to_jsonb(NEW), 'document', 'redaction_id')
          AND is_redacted(NEW.redaction_id, format('verify:%s', OLD.run_id));
      WHEN 'case_event' THEN
        SELECT public_id INTO number FROM "case" WHERE id = OLD.case_id;
        allowed := OLD.type = 'case-notified'
          AND NEW.data = jsonb_set(OLD.data, '{notice}', jsonb_build_object('en', mark, 'zh', mark))
          AND only_differ(to_jsonb(OLD), to_jsonb(NEW), 'data')
          AND EXISTS (SELECT FROM log_redaction WHERE erased_at IS NOT NULL AND scope = 'entry'
                      AND dedup_key = format('notify:%s:%s', number, OLD.sequence));
      WHEN 'case_record' THEN
        SELECT public_id INTO number FROM "case" WHERE id = OLD.case_id;
        allowed := NEW.text_en = mark AND NEW.text_zh = mark AND NEW.source = mark AND NEW.source_url IS NULL
          AND only_differ(to_jsonb(OLD), to_jsonb(NEW), 'text_en', 'text_zh', 'source', 'source_url')
          AND EXISTS (SELECT FROM log_redaction WHERE erased_at IS NOT NULL AND scope = 'entry' AND kind = 'state'
                      AND dedup_key LIKE format('state:%s:%%', number));
      WHEN 'link_capture' THEN
        -- Its address stood in an erased text, and in no other.
        allowed := NEW.url = mark AND NEW.final_url IS NULL AND NEW.sha256 IS NULL AND NEW.size IS NULL
          AND NEW.content_type IS NULL
          AND only_differ(to_jsonb(OLD), to_jsonb(NEW), 'url', 'final_url', 'sha256', 'size', 'content_type')
          AND NOT EXISTS (SELECT FROM post_link WHERE capture_id = OLD.id);
      WHEN 'method_recall' THEN
        allowed := NEW.note IS NULL
          AND only_differ(to_jsonb(OLD), to_jsonb(NEW), 'note')
          AND EXISTS (SELECT FROM log_redaction WHERE erased_at IS NOT NULL AND scope = 'entry'
                      AND dedup_key = format('recall:%s@%s', OLD.method, OLD.version));
      ELSE
        allowed := false;
    END CASE;
  END IF;
  IF allowed THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% on append-only table "%" is refused', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END
$$;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['post_version', 'case_event', 'case_record', 'link_capture'] LOOP
    EXECUTE format('DROP TRIGGER append_only ON %I', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['post_version', 'case_event', 'case_record', 'link_capture', 'method_recall'] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %I
                    FOR EACH ROW EXECUTE FUNCTION refuse_change_but_redaction()', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['method_recall', 'method_recall_notice', 'log_redaction'] LOOP
    EXECUTE format('CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON %I
                    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', name);
  END LOOP;
END
$$;

-- Results of look-ups are still removed with them (append_only_delete of the first migration).
DROP TRIGGER append_only ON "run_result";
CREATE TRIGGER append_only BEFORE UPDATE ON "run_result"
  FOR EACH ROW EXECUTE FUNCTION refuse_change_but_redaction();

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "method_recall_notice"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- A redaction is never taken back, and its reason never changed: only what is empty is filled in. A proposal may go.
CREATE FUNCTION refuse_changing_redaction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.erased_at IS NULL THEN
    RETURN OLD;
  END IF;
  IF TG_OP = 'UPDATE'
    AND only_differ(to_jsonb(OLD), to_jsonb(NEW), 'index', 'blobs', 'paths', 'erased_by_id', 'erased_at', 'clean_at')
    AND (OLD.index IS NULL OR NEW.index = OLD.index)
    AND NEW.blobs @> OLD.blobs
    AND NEW.paths @> OLD.paths
    AND (OLD.erased_at IS NULL OR (NEW.erased_at = OLD.erased_at AND NEW.erased_by_id = OLD.erased_by_id))
    AND (OLD.clean_at IS NULL OR NEW.clean_at IS NULL OR NEW.clean_at = OLD.clean_at) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% of redaction % is refused', TG_OP, OLD.id USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER keep_redaction BEFORE UPDATE OR DELETE ON "log_redaction"
  FOR EACH ROW EXECUTE FUNCTION refuse_changing_redaction();
