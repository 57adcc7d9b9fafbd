-- AlterTable
ALTER TABLE "canary_judgement" ADD COLUMN     "version" TEXT NOT NULL DEFAULT '1';
