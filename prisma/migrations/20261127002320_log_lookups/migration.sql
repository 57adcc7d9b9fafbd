-- CreateIndex
CREATE INDEX "log_entry_kind_index_idx" ON "log_entry"("kind", "index");

-- CreateIndex
CREATE INDEX "log_signature_signer_size_idx" ON "log_signature"("signer", "size");
