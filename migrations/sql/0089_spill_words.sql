-- Generated once from the models; a test compares both.

CREATE TABLE spill_words (
	tenant_id TEXT NOT NULL, 
	spill_id UUID NOT NULL, 
	source TEXT NOT NULL, 
	word TEXT NOT NULL, 
	spill_tenant TEXT NOT NULL, 
	CONSTRAINT pk_spill_words PRIMARY KEY (tenant_id, spill_id, source, word)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('spill_words', 'tenant_id'); END IF; END $$;
