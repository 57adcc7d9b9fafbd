-- CreateEnum
CREATE TYPE "fingerprint_origin" AS ENUM ('computed', 'author');

-- CreateTable
CREATE TABLE "weight_fingerprint" (
    "id" TEXT NOT NULL,
    "model_id" TEXT NOT NULL,
    "schema" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "origin" "fingerprint_origin" NOT NULL,
    "blob_sha256" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "tensors" INTEGER NOT NULL,
    "commit" TEXT,
    "signed_by" TEXT,
    "build" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "weight_fingerprint_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "fingerprint_job" (
    "id" TEXT NOT NULL,
    "model_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "state" "run_state" NOT NULL DEFAULT 'queued',
    "progress" JSONB,
    "progress_at" TIMESTAMPTZ(3),
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "failure" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "cancel_requested_at" TIMESTAMPTZ(3),

    CONSTRAINT "fingerprint_job_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "checkpoint" (
    "id" TEXT NOT NULL,
    "model_id" TEXT NOT NULL,
    "release_id" TEXT NOT NULL,
    "capture_id" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "step" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "checkpoint_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "weight_fingerprint_digest_idx" ON "weight_fingerprint"("digest");

-- CreateIndex
CREATE INDEX "weight_fingerprint_blob_sha256_idx" ON "weight_fingerprint"("blob_sha256");

-- CreateIndex
CREATE UNIQUE INDEX "weight_fingerprint_model_id_digest_origin_key" ON "weight_fingerprint"("model_id", "digest", "origin");

-- CreateIndex
CREATE INDEX "fingerprint_job_model_id_created_at_idx" ON "fingerprint_job"("model_id", "created_at");

-- CreateIndex
CREATE INDEX "fingerprint_job_state_idx" ON "fingerprint_job"("state");

-- CreateIndex
CREATE UNIQUE INDEX "checkpoint_model_id_release_id_key" ON "checkpoint"("model_id", "release_id");

-- AddForeignKey
ALTER TABLE "weight_fingerprint" ADD CONSTRAINT "weight_fingerprint_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "model"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "fingerprint_job" ADD CONSTRAINT "fingerprint_job_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "model"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "checkpoint" ADD CONSTRAINT "checkpoint_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "model"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "checkpoint" ADD CONSTRAINT "checkpoint_release_id_fkey" FOREIGN KEY ("release_id") REFERENCES "release"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "checkpoint" ADD CONSTRAINT "checkpoint_capture_id_fkey" FOREIGN KEY ("capture_id") REFERENCES "capture"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Append-only, as the tables of the first version: what is public stays as it was said.
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "weight_fingerprint"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON "weight_fingerprint"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "checkpoint"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON "checkpoint"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Of each kind one computation at a time. Partial indexes cannot be declared in the schema; a trigger says the same.
CREATE FUNCTION refuse_second_fingerprint_job() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM "model" WHERE "id" = NEW."model_id" FOR UPDATE;
  IF EXISTS (SELECT FROM "fingerprint_job"
             WHERE "model_id" = NEW."model_id" AND "kind" = NEW."kind" AND "state" IN ('queued', 'running')) THEN
    RAISE EXCEPTION 'a % fingerprint of % is being made already', NEW."kind", NEW."model_id"
      USING ERRCODE = 'unique_violation';
  END IF;
  RETURN NEW;
END
$$;

CREATE TRIGGER one_at_a_time BEFORE INSERT ON "fingerprint_job"
  FOR EACH ROW EXECUTE FUNCTION refuse_second_fingerprint_job();

-- Why a release stands among a run's ancestors: "initialisation" for a registered checkpoint; null as the case says.
ALTER TABLE "run_input" ADD COLUMN "kind" TEXT;
