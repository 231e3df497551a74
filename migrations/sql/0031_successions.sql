-- Generated once from the models; a test compares both.

CREATE TABLE office_successions (
	tenant_id TEXT NOT NULL, 
	id UUID NOT NULL, 
	predecessor UUID NOT NULL, 
	successor UUID NOT NULL, 
	predecessor_name TEXT NOT NULL, 
	successor_name TEXT NOT NULL, 
	direct BOOLEAN NOT NULL, 
	document TEXT, 
	by TEXT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	recorded_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_office_successions PRIMARY KEY (tenant_id, id), 
	CONSTRAINT fk_office_successions_predecessor FOREIGN KEY(tenant_id, predecessor) REFERENCES offices (tenant_id, id), 
	CONSTRAINT fk_office_successions_successor FOREIGN KEY(tenant_id, successor) REFERENCES offices (tenant_id, id)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('office_successions', 'tenant_id'); END IF; END $$;

CREATE INDEX ix_office_successions_predecessor ON office_successions (tenant_id, predecessor, at);

CREATE INDEX ix_office_successions_successor ON office_successions (tenant_id, successor, predecessor);
