-- Generated once from the models; a test compares both.

CREATE TABLE case_snippets (
	tenant_id TEXT NOT NULL, 
	snippet BIGINT NOT NULL, 
	project_id UUID NOT NULL, 
	CONSTRAINT pk_case_snippets PRIMARY KEY (tenant_id, snippet, project_id), 
	CONSTRAINT fk_case_snippets_project FOREIGN KEY(tenant_id, project_id) REFERENCES projects (tenant_id, id) ON DELETE CASCADE
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('case_snippets', 'tenant_id'); END IF; END $$;

CREATE INDEX ix_case_snippets_project ON case_snippets (tenant_id, project_id);
