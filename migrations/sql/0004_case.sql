-- Generated once from the models; a test compares both.

CREATE TABLE project_records (
	tenant_id TEXT NOT NULL, 
	office_id UUID NOT NULL, 
	id UUID NOT NULL, 
	project_id UUID NOT NULL, 
	kind TEXT NOT NULL, 
	content JSONB NOT NULL, 
	"on" DATE NOT NULL, 
	supersedes UUID, 
	by TEXT NOT NULL, 
	by_tenant TEXT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_project_records PRIMARY KEY (tenant_id, id), 
	CONSTRAINT fk_project_records_project FOREIGN KEY(tenant_id, project_id) REFERENCES projects (tenant_id, id)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('project_records', 'tenant_id'); END IF; END $$;

CREATE INDEX ix_project_records_project ON project_records (tenant_id, project_id, at);
