-- AlterTable
ALTER TABLE "model" ADD COLUMN     "supersede_reason" TEXT,
ADD COLUMN     "superseded_at" TIMESTAMPTZ(3),
ADD COLUMN     "superseded_by_id" TEXT;

-- CreateTable
CREATE TABLE "reproduction" (
    "id" TEXT NOT NULL,
    "run_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "computed" TEXT NOT NULL,
    "same" BOOLEAN NOT NULL,
    "from" TEXT NOT NULL,
    "build" TEXT,
    "interest" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "reproduction_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "reproduction_run_id_user_id_computed_key" ON "reproduction"("run_id", "user_id", "computed");

-- CreateIndex
CREATE INDEX "model_superseded_by_id_idx" ON "model"("superseded_by_id");

-- AddForeignKey
ALTER TABLE "model" ADD CONSTRAINT "model_superseded_by_id_fkey" FOREIGN KEY ("superseded_by_id") REFERENCES "model"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reproduction" ADD CONSTRAINT "reproduction_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reproduction" ADD CONSTRAINT "reproduction_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Append-only, as results: what somebody said came out stays as it was said.
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "reproduction"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON "reproduction"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
