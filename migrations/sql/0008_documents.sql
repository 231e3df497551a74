-- Generated once from the models; a test compares both.

CREATE TABLE documents (
	tenant_id TEXT NOT NULL, 
	office_id UUID NOT NULL, 
	id UUID NOT NULL, 
	project_id UUID NOT NULL, 
	slot TEXT NOT NULL, 
	name TEXT NOT NULL, 
	media_type TEXT NOT NULL, 
	size BIGINT NOT NULL, 
	digest TEXT NOT NULL, 
	checked TEXT NOT NULL, 
	uploaded_by TEXT NOT NULL, 
	by_tenant TEXT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	removed_at TIMESTAMP WITH TIME ZONE, 
	removed_by TEXT, 
	CONSTRAINT pk_documents PRIMARY KEY (tenant_id, id), 
	CONSTRAINT fk_documents_project FOREIGN KEY(tenant_id, project_id) REFERENCES projects (tenant_id, id), 
	CONSTRAINT ck_documents_checked CHECK (checked IN ('clean', 'not_checked'))
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('documents', 'tenant_id'); END IF; END $$;

CREATE INDEX ix_documents_project ON documents (tenant_id, project_id, at);
