-- CreateTable
CREATE TABLE "canary_picture" (
    "canary_set_id" TEXT NOT NULL,
    "item_id" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "canary_picture_pkey" PRIMARY KEY ("canary_set_id","item_id")
);

-- CreateIndex
CREATE INDEX "canary_picture_sha256_idx" ON "canary_picture"("sha256");

-- AddForeignKey
ALTER TABLE "canary_picture" ADD CONSTRAINT "canary_picture_canary_set_id_fkey" FOREIGN KEY ("canary_set_id") REFERENCES "canary_set"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
