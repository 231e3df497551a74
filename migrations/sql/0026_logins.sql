-- Generated once from the models; a test compares both.

CREATE TABLE login_failures (
	tenant_id TEXT NOT NULL, 
	client TEXT NOT NULL, 
	address TEXT NOT NULL, 
	window_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	count INTEGER NOT NULL, 
	first_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	last_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_login_failures PRIMARY KEY (tenant_id, client, address, window_at)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('login_failures', 'tenant_id'); END IF; END $$;
