-- Generated once from the models; a test compares both.

CREATE TABLE deputies (
	tenant_id TEXT NOT NULL, 
	id UUID NOT NULL, 
	role TEXT NOT NULL, 
	person_id UUID NOT NULL, 
	deputy_id UUID NOT NULL, 
	from_day DATE NOT NULL, 
	until_day DATE NOT NULL, 
	note TEXT, 
	named_by TEXT NOT NULL, 
	named_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	ended_by TEXT, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_deputies PRIMARY KEY (tenant_id, id), 
	CONSTRAINT fk_deputies_person FOREIGN KEY(tenant_id, person_id) REFERENCES users (tenant_id, id), 
	CONSTRAINT fk_deputies_deputy FOREIGN KEY(tenant_id, deputy_id) REFERENCES users (tenant_id, id), 
	CONSTRAINT ck_deputies_days CHECK (from_day <= until_day AND person_id <> deputy_id)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('deputies', 'tenant_id'); END IF; END $$;

CREATE INDEX ix_deputies_deputy ON deputies (tenant_id, deputy_id, until_day);

CREATE INDEX ix_deputies_person ON deputies (tenant_id, person_id, until_day);
