-- DropIndex
DROP INDEX "canary_ask_job_transcript_blob_idx";

-- AlterTable
ALTER TABLE "canary_ask_job" DROP COLUMN "transcript_blob",
ADD COLUMN     "idempotency_key" TEXT;

-- AlterTable
ALTER TABLE "canary_judgement" ADD COLUMN     "bundle_blob" TEXT NOT NULL,
ADD COLUMN     "bundle_size" INTEGER NOT NULL;

-- CreateTable
CREATE TABLE "canary_ask_line" (
    "job_id" TEXT NOT NULL,
    "n" INTEGER NOT NULL,
    "line" TEXT NOT NULL,

    CONSTRAINT "canary_ask_line_pkey" PRIMARY KEY ("job_id","n")
);

-- CreateTable
CREATE TABLE "canary_judge_job" (
    "id" TEXT NOT NULL,
    "canary_set_id" TEXT NOT NULL,
    "suspect_id" TEXT NOT NULL,
    "state" "run_state" NOT NULL DEFAULT 'queued',
    "progress" JSONB,
    "progress_at" TIMESTAMPTZ(3),
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "failure" JSONB,
    "judgement_id" TEXT,
    "requested_by_id" TEXT,
    "idempotency_key" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "cancel_requested_at" TIMESTAMPTZ(3),

    CONSTRAINT "canary_judge_job_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "canary_judge_job_idempotency_key_key" ON "canary_judge_job"("idempotency_key");

-- CreateIndex
CREATE INDEX "canary_judge_job_canary_set_id_created_at_idx" ON "canary_judge_job"("canary_set_id", "created_at");

-- CreateIndex
CREATE INDEX "canary_judge_job_suspect_id_idx" ON "canary_judge_job"("suspect_id");

-- CreateIndex
CREATE INDEX "canary_judge_job_state_idx" ON "canary_judge_job"("state");

-- CreateIndex
CREATE UNIQUE INDEX "canary_ask_job_idempotency_key_key" ON "canary_ask_job"("idempotency_key");

-- CreateIndex
CREATE INDEX "canary_judgement_bundle_blob_idx" ON "canary_judgement"("bundle_blob");

-- AddForeignKey
ALTER TABLE "canary_ask_line" ADD CONSTRAINT "canary_ask_line_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "canary_ask_job"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "canary_judge_job" ADD CONSTRAINT "canary_judge_job_canary_set_id_fkey" FOREIGN KEY ("canary_set_id") REFERENCES "canary_set"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "canary_judge_job" ADD CONSTRAINT "canary_judge_job_suspect_id_fkey" FOREIGN KEY ("suspect_id") REFERENCES "canary_answer_set"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "canary_judge_job" ADD CONSTRAINT "canary_judge_job_judgement_id_fkey" FOREIGN KEY ("judgement_id") REFERENCES "canary_judgement"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "canary_judge_job" ADD CONSTRAINT "canary_judge_job_requested_by_id_fkey" FOREIGN KEY ("requested_by_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
