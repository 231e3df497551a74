-- Generated once from the models; a test compares both.

CREATE TABLE systems (
	tenant_id TEXT NOT NULL, 
	office_id UUID NOT NULL, 
	id UUID NOT NULL, 
	name TEXT NOT NULL, 
	purpose TEXT NOT NULL, 
	on_cloud BOOLEAN NOT NULL, 
	network TEXT NOT NULL, 
	protection_level INTEGER, 
	launched_on DATE, 
	yearly_maintenance_fen BIGINT, 
	project_id UUID, 
	status TEXT NOT NULL, 
	recorded_by TEXT NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_systems PRIMARY KEY (tenant_id, id), 
	CONSTRAINT fk_systems_office FOREIGN KEY(tenant_id, office_id) REFERENCES offices (tenant_id, id), 
	CONSTRAINT fk_systems_project FOREIGN KEY(tenant_id, project_id) REFERENCES projects (tenant_id, id), 
	CONSTRAINT ck_systems_status CHECK (status IN ('running', 'merged', 'retired'))
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('systems', 'tenant_id'); END IF; END $$;

CREATE INDEX ix_systems_name ON systems (tenant_id, name, id);

CREATE INDEX ix_systems_office ON systems (tenant_id, office_id);
