-- Generated once from the models; a test compares both.

CREATE TABLE sessions (
	tenant_id TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	user_id UUID NOT NULL, 
	login TEXT NOT NULL, 
	made_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	seen_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_sessions PRIMARY KEY (tenant_id, digest), 
	CONSTRAINT fk_sessions_user FOREIGN KEY(tenant_id, user_id) REFERENCES users (tenant_id, id)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('sessions', 'tenant_id'); END IF; END $$;

CREATE INDEX ix_sessions_made ON sessions (tenant_id, made_at);
