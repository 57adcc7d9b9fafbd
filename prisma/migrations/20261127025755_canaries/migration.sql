-- CreateTable
CREATE TABLE "canary_set" (
    "id" TEXT NOT NULL,
    "owner_id" TEXT NOT NULL,
    "model_id" TEXT,
    "set_id" TEXT NOT NULL,
    "root" TEXT NOT NULL,
    "items" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "terms" JSONB,
    "author_key_id" TEXT,
    "namespace_kind" TEXT NOT NULL,
    "namespace_name" TEXT,
    "beacon_kind" TEXT,
    "beacon_round" BIGINT,
    "nonce_due_at" TIMESTAMPTZ(3),
    "nonce" TEXT,
    "nonce_source" JSONB,
    "nonce_at" TIMESTAMPTZ(3),
    "nonce_failure" JSONB,
    "reveal_by" TIMESTAMPTZ(3),
    "example" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "redaction_id" TEXT,

    CONSTRAINT "canary_set_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "canary_answer_set" (
    "id" TEXT NOT NULL,
    "canary_set_id" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "family" TEXT,
    "base" TEXT,
    "vendor" TEXT,
    "corpus" TEXT,
    "release_id" TEXT,
    "weights" TEXT,
    "authenticity" TEXT NOT NULL,
    "adapter" TEXT NOT NULL,
    "calls" INTEGER NOT NULL,
    "transcript_root" TEXT,
    "transcript_blob" TEXT,
    "transcript_size" INTEGER,
    "answers_sha256" TEXT NOT NULL,
    "answers_salt" BYTEA NOT NULL,
    "answers_blob" TEXT NOT NULL,
    "answers_size" INTEGER NOT NULL,
    "lines" INTEGER NOT NULL,
    "answered" INTEGER NOT NULL,
    "status" TEXT NOT NULL,
    "collector_id" TEXT,
    "confirms_id" TEXT,
    "example" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "redaction_id" TEXT,

    CONSTRAINT "canary_answer_set_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "canary_reveal" (
    "canary_set_id" TEXT NOT NULL,
    "index" INTEGER NOT NULL,
    "item_id" TEXT NOT NULL,
    "opening" TEXT NOT NULL,
    "image_sha256" TEXT,
    "target" INTEGER,
    "batch" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "redaction_id" TEXT,

    CONSTRAINT "canary_reveal_pkey" PRIMARY KEY ("canary_set_id","index")
);

-- CreateTable
CREATE TABLE "canary_judgement" (
    "id" TEXT NOT NULL,
    "canary_set_id" TEXT NOT NULL,
    "original_id" TEXT NOT NULL,
    "suspect_id" TEXT NOT NULL,
    "reference_ids" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "digest" TEXT NOT NULL,
    "result_blob" TEXT NOT NULL,
    "result_size" INTEGER NOT NULL,
    "says" TEXT NOT NULL,
    "log10p" DOUBLE PRECISION,
    "moves_finding" BOOLEAN NOT NULL,
    "build" TEXT,
    "requested_by_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "redaction_id" TEXT,

    CONSTRAINT "canary_judgement_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "canary_ask_job" (
    "id" TEXT NOT NULL,
    "canary_set_id" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "release_id" TEXT,
    "weights" TEXT,
    "adapter" TEXT NOT NULL,
    "endpoint" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "key_name" TEXT,
    "parameters" JSONB NOT NULL,
    "state" "run_state" NOT NULL DEFAULT 'queued',
    "progress" JSONB,
    "progress_at" TIMESTAMPTZ(3),
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "failure" JSONB,
    "transcript_blob" TEXT,
    "answer_set_id" TEXT,
    "requested_by_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "cancel_requested_at" TIMESTAMPTZ(3),

    CONSTRAINT "canary_ask_job_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "canary_set_set_id_key" ON "canary_set"("set_id");

-- CreateIndex
CREATE INDEX "canary_set_owner_id_created_at_idx" ON "canary_set"("owner_id", "created_at");

-- CreateIndex
CREATE INDEX "canary_set_model_id_idx" ON "canary_set"("model_id");

-- CreateIndex
CREATE INDEX "canary_set_namespace_kind_namespace_name_idx" ON "canary_set"("namespace_kind", "namespace_name");

-- CreateIndex
CREATE INDEX "canary_set_root_idx" ON "canary_set"("root");

-- CreateIndex
CREATE INDEX "canary_set_created_at_idx" ON "canary_set"("created_at");

-- CreateIndex
CREATE INDEX "canary_set_nonce_due_at_idx" ON "canary_set"("nonce_due_at");

-- CreateIndex
CREATE INDEX "canary_answer_set_canary_set_id_role_created_at_idx" ON "canary_answer_set"("canary_set_id", "role", "created_at");

-- CreateIndex
CREATE INDEX "canary_answer_set_weights_idx" ON "canary_answer_set"("weights");

-- CreateIndex
CREATE INDEX "canary_answer_set_release_id_idx" ON "canary_answer_set"("release_id");

-- CreateIndex
CREATE INDEX "canary_answer_set_answers_blob_idx" ON "canary_answer_set"("answers_blob");

-- CreateIndex
CREATE INDEX "canary_answer_set_transcript_blob_idx" ON "canary_answer_set"("transcript_blob");

-- CreateIndex
CREATE INDEX "canary_reveal_image_sha256_idx" ON "canary_reveal"("image_sha256");

-- CreateIndex
CREATE UNIQUE INDEX "canary_reveal_canary_set_id_item_id_key" ON "canary_reveal"("canary_set_id", "item_id");

-- CreateIndex
CREATE INDEX "canary_judgement_suspect_id_idx" ON "canary_judgement"("suspect_id");

-- CreateIndex
CREATE INDEX "canary_judgement_digest_idx" ON "canary_judgement"("digest");

-- CreateIndex
CREATE INDEX "canary_judgement_result_blob_idx" ON "canary_judgement"("result_blob");

-- CreateIndex
CREATE UNIQUE INDEX "canary_judgement_canary_set_id_suspect_id_digest_key" ON "canary_judgement"("canary_set_id", "suspect_id", "digest");

-- CreateIndex
CREATE INDEX "canary_ask_job_canary_set_id_created_at_idx" ON "canary_ask_job"("canary_set_id", "created_at");

-- CreateIndex
CREATE INDEX "canary_ask_job_state_idx" ON "canary_ask_job"("state");

-- CreateIndex
CREATE INDEX "canary_ask_job_transcript_blob_idx" ON "canary_ask_job"("transcript_blob");

-- AddForeignKey
ALTER TABLE "canary_set" ADD CONSTRAINT "canary_set_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "canary_set" ADD CONSTRAINT "canary_set_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "model"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "canary_set" ADD CONSTRAINT "canary_set_redaction_id_fkey" FOREIGN KEY ("redaction_id") REFERENCES "log_redaction"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "canary_answer_set" ADD CONSTRAINT "canary_answer_set_canary_set_id_fkey" FOREIGN KEY ("canary_set_id") REFERENCES "canary_set"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "canary_answer_set" ADD CONSTRAINT "canary_answer_set_release_id_fkey" FOREIGN KEY ("release_id") REFERENCES "release"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "canary_answer_set" ADD CONSTRAINT "canary_answer_set_collector_id_fkey" FOREIGN KEY ("collector_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "canary_answer_set" ADD CONSTRAINT "canary_answer_set_confirms_id_fkey" FOREIGN KEY ("confirms_id") REFERENCES "canary_answer_set"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "canary_answer_set" ADD CONSTRAINT "canary_answer_set_redaction_id_fkey" FOREIGN KEY ("redaction_id") REFERENCES "log_redaction"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "canary_reveal" ADD CONSTRAINT "canary_reveal_canary_set_id_fkey" FOREIGN KEY ("canary_set_id") REFERENCES "canary_set"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "canary_reveal" ADD CONSTRAINT "canary_reveal_redaction_id_fkey" FOREIGN KEY ("redaction_id") REFERENCES "log_redaction"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "canary_judgement" ADD CONSTRAINT "canary_judgement_canary_set_id_fkey" FOREIGN KEY ("canary_set_id") REFERENCES "canary_set"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "canary_judgement" ADD CONSTRAINT "canary_judgement_suspect_id_fkey" FOREIGN KEY ("suspect_id") REFERENCES "canary_answer_set"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "canary_judgement" ADD CONSTRAINT "canary_judgement_redaction_id_fkey" FOREIGN KEY ("redaction_id") REFERENCES "log_redaction"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "canary_ask_job" ADD CONSTRAINT "canary_ask_job_canary_set_id_fkey" FOREIGN KEY ("canary_set_id") REFERENCES "canary_set"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "canary_ask_job" ADD CONSTRAINT "canary_ask_job_release_id_fkey" FOREIGN KEY ("release_id") REFERENCES "release"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "canary_ask_job" ADD CONSTRAINT "canary_ask_job_answer_set_id_fkey" FOREIGN KEY ("answer_set_id") REFERENCES "canary_answer_set"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "canary_ask_job" ADD CONSTRAINT "canary_ask_job_requested_by_id_fkey" FOREIGN KEY ("requested_by_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What follows is written by hand.

-- Commitments of the first version become sets: of the account that registered the model, without terms.
INSERT INTO "canary_set" ("id", "owner_id", "model_id", "set_id", "root", "items", "kind", "namespace_kind", "example", "created_at")
  SELECT 'cns' || substr(c."id", 4), m."registered_by_id", m."id", c."set_id", c."root", c."items", c."kind", 'account',
         m."example", c."created_at"
  FROM "canary_commitment" c JOIN "model" m ON m."id" = c."model_id";

-- DropForeignKey
ALTER TABLE "canary_commitment" DROP CONSTRAINT "canary_commitment_model_id_fkey";

-- DropTable
DROP TABLE "canary_commitment";

-- What a set states never changes. Filled in once: the model it was trained into, and the nonce when it is known.
CREATE FUNCTION refuse_changing_canary_set() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE'
    AND only_differ(to_jsonb(OLD), to_jsonb(NEW), 'model_id', 'nonce', 'nonce_source', 'nonce_at', 'nonce_due_at',
                    'nonce_failure', 'namespace_name', 'terms', 'redaction_id')
    AND (OLD.model_id IS NULL OR NEW.model_id = OLD.model_id)
    AND (OLD.nonce IS NULL OR (NEW.nonce = OLD.nonce AND NEW.nonce_source = OLD.nonce_source AND NEW.nonce_at = OLD.nonce_at))
    AND (NEW.namespace_name IS NOT DISTINCT FROM OLD.namespace_name
         OR (NEW.namespace_name = redaction_mark()
             AND is_redacted(NEW.redaction_id, format('commit:%s', OLD.set_id))))
    AND (NEW.terms IS NOT DISTINCT FROM OLD.terms
         OR (NEW.terms = '{"redacted": true}'::jsonb
             AND is_redacted(NEW.redaction_id, format('commit:%s', OLD.set_id)))) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% of canary set % is refused', TG_OP, OLD.id USING ERRCODE = 'insufficient_privilege';
END
$$;

-- Answers are what was registered. Added later: the transcript behind the registered root; and they become public once.
CREATE FUNCTION refuse_changing_canary_answers() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  mark CONSTANT text := redaction_mark();
  words CONSTANT text[] := ARRAY['name', 'family', 'base', 'vendor', 'corpus'];
BEGIN
  IF TG_OP = 'UPDATE'
    AND only_differ(to_jsonb(OLD), to_jsonb(NEW), 'transcript_blob', 'transcript_size', 'status')
    AND (OLD.transcript_blob IS NULL OR (NEW.transcript_blob = OLD.transcript_blob AND NEW.transcript_size = OLD.transcript_size))
    AND (OLD.status = NEW.status OR (OLD.status = 'held' AND NEW.status = 'logged')) THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE'
    AND to_jsonb(OLD) - words - ARRAY['redaction_id', 'answers_salt'] = to_jsonb(NEW) - words - ARRAY['redaction_id', 'answers_salt']
    AND (NEW.name = mark)
    AND (NEW.family IS NULL OR NEW.family = OLD.family) AND NEW.base IS NULL AND NEW.vendor IS NULL AND NEW.corpus IS NULL
    AND is_redacted(NEW.redaction_id, format('responses:%s', OLD.id)) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% of canary answers % is refused', TG_OP, OLD.id USING ERRCODE = 'insufficient_privilege';
END
$$;

-- An opening, or a judgement, may go where the very act that published it was redacted.
CREATE FUNCTION refuse_changing_canary_words() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  set_id text;
  allowed boolean := false;
BEGIN
  IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'canary_reveal' THEN
    SELECT s.set_id INTO set_id FROM canary_set s WHERE s.id = OLD.canary_set_id;
    allowed := NEW.opening = redaction_mark()
      AND NEW.item_id = format('%s %s', redaction_mark(), OLD.index) AND NEW.image_sha256 IS NULL
      AND only_differ(to_jsonb(OLD), to_jsonb(NEW), 'opening', 'item_id', 'image_sha256', 'redaction_id')
      AND is_redacted(NEW.redaction_id, format('reveal:%s:%s', set_id, OLD.batch));
  ELSIF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'canary_judgement' THEN
    allowed := only_differ(to_jsonb(OLD), to_jsonb(NEW), 'redaction_id')
      AND is_redacted(NEW.redaction_id, format('verify:%s', OLD.id));
  END IF;
  IF allowed THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% on append-only table "%" is refused', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "canary_set"
  FOR EACH ROW EXECUTE FUNCTION refuse_changing_canary_set();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "canary_answer_set"
  FOR EACH ROW EXECUTE FUNCTION refuse_changing_canary_answers();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "canary_reveal"
  FOR EACH ROW EXECUTE FUNCTION refuse_changing_canary_words();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "canary_judgement"
  FOR EACH ROW EXECUTE FUNCTION refuse_changing_canary_words();

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['canary_set', 'canary_answer_set', 'canary_reveal', 'canary_judgement'] LOOP
    EXECUTE format('CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON %I
                    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', name);
  END LOOP;
END
$$;
