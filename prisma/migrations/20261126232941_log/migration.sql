-- AlterTable
ALTER TABLE "log_pending" ADD COLUMN     "payloads" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "public_key" BYTEA,
ADD COLUMN     "signature" BYTEA;

-- CreateTable
CREATE TABLE "log_entry" (
    "index" BIGINT NOT NULL,
    "pending_id" BIGINT NOT NULL,
    "dedup_key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "about" TEXT NOT NULL,
    "leaf" BYTEA NOT NULL,
    "pae" TEXT NOT NULL,
    "t" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "log_entry_pkey" PRIMARY KEY ("index")
);

-- CreateTable
CREATE TABLE "log_statement" (
    "index" BIGINT NOT NULL,
    "statement" TEXT NOT NULL,
    "public_key" BYTEA NOT NULL,
    "payloads" TEXT[] DEFAULT ARRAY[]::TEXT[],

    CONSTRAINT "log_statement_pkey" PRIMARY KEY ("index")
);

-- CreateTable
CREATE TABLE "log_tile" (
    "level" INTEGER NOT NULL,
    "index" BIGINT NOT NULL,
    "bytes" BYTEA NOT NULL,

    CONSTRAINT "log_tile_pkey" PRIMARY KEY ("level","index")
);

-- CreateTable
CREATE TABLE "log_state" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "origin" TEXT NOT NULL,
    "size" BIGINT NOT NULL DEFAULT 0,
    "root" BYTEA NOT NULL,
    "published_size" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "log_state_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "log_checkpoint" (
    "size" BIGINT NOT NULL,
    "root" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "log_checkpoint_pkey" PRIMARY KEY ("size")
);

-- CreateTable
CREATE TABLE "log_signature" (
    "size" BIGINT NOT NULL,
    "line" TEXT NOT NULL,
    "signer" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "key_id" TEXT NOT NULL,
    "time" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "log_signature_pkey" PRIMARY KEY ("size","name","key_id")
);

-- CreateTable
CREATE TABLE "log_timestamp" (
    "size" BIGINT NOT NULL,
    "authority" TEXT NOT NULL,
    "token" BYTEA NOT NULL,
    "note" TEXT NOT NULL,
    "time" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "log_timestamp_pkey" PRIMARY KEY ("size","authority")
);

-- CreateTable
CREATE TABLE "log_key" (
    "id" BIGSERIAL NOT NULL,
    "role" TEXT NOT NULL,
    "public_key" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "log_key_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "log_entry_pending_id_key" ON "log_entry"("pending_id");

-- CreateIndex
CREATE UNIQUE INDEX "log_entry_dedup_key_key" ON "log_entry"("dedup_key");

-- CreateIndex
CREATE INDEX "log_entry_about_idx" ON "log_entry"("about");

-- CreateIndex
CREATE INDEX "log_entry_pae_idx" ON "log_entry"("pae");

-- CreateIndex
CREATE UNIQUE INDEX "log_key_public_key_key" ON "log_key"("public_key");

-- Append-only, as in the first migrations. log_pending, log_statement and log_payload are not: what they hold moves on or
-- can be erased. log_tile grows and log_state advances, both by the sequencer alone.
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['log_entry', 'log_checkpoint', 'log_signature', 'log_timestamp', 'log_key'] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %I
                    FOR EACH ROW EXECUTE FUNCTION refuse_change()', name);
    EXECUTE format('CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON %I
                    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', name);
  END LOOP;
END
$$;

-- Acts recorded before there was a log: which payloads each cites.
UPDATE "log_pending" SET "payloads" = ARRAY(
  SELECT "digest" FROM "log_payload" WHERE position("digest" IN "log_pending"."statement") > 0 ORDER BY "digest"
);
