-- Generated once from the models; a test compares both.

CREATE TABLE obligation_looks (
	tenant_id TEXT NOT NULL, 
	day DATE NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	rules INTEGER NOT NULL, 
	CONSTRAINT pk_obligation_looks PRIMARY KEY (tenant_id)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('obligation_looks', 'tenant_id'); END IF; END $$;
