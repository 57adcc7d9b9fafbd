-- AlterTable
ALTER TABLE "log_pending" ADD COLUMN     "held_for_id" TEXT,
ADD COLUMN     "held_until" TIMESTAMPTZ(3);
