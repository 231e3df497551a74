-- Generated once from the models; a test compares both.

CREATE TABLE issuers (
	tenant_id TEXT NOT NULL, 
	id TEXT NOT NULL, 
	current JSONB, 
	pending JSONB, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	disabled_at TIMESTAMP WITH TIME ZONE, 
	confirmed_at TIMESTAMP WITH TIME ZONE, 
	confirmed_by TEXT, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_issuers PRIMARY KEY (tenant_id, id)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('issuers', 'tenant_id'); END IF; END $$;
