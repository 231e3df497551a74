-- Generated once from the models; a test compares both.

CREATE TABLE office_desks (
	tenant_id TEXT NOT NULL, 
	office_id UUID NOT NULL, 
	role TEXT NOT NULL, 
	telephone TEXT, 
	room TEXT, 
	by TEXT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_office_desks PRIMARY KEY (tenant_id, office_id, role), 
	CONSTRAINT fk_office_desks_office FOREIGN KEY(tenant_id, office_id) REFERENCES offices (tenant_id, id)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('office_desks', 'tenant_id'); END IF; END $$;
