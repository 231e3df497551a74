-- Generated once from the models; a test compares both.

CREATE TABLE papers (
	tenant_id TEXT NOT NULL, 
	id UUID NOT NULL, 
	project_id UUID NOT NULL, 
	kind TEXT NOT NULL, 
	number TEXT NOT NULL, 
	organ TEXT NOT NULL, 
	made_on DATE NOT NULL, 
	amount_fen BIGINT, 
	code_digest TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	content BYTEA, 
	tells TIMESTAMP WITH TIME ZONE NOT NULL, 
	issued_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	withdrawn_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_papers PRIMARY KEY (tenant_id, id), 
	CONSTRAINT fk_papers_project FOREIGN KEY(tenant_id, project_id) REFERENCES projects (tenant_id, id), 
	CONSTRAINT uq_papers_number UNIQUE (tenant_id, number), 
	CONSTRAINT ck_papers_kind CHECK (kind IN ('receipt', 'supplement', 'evidence'))
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('papers', 'tenant_id'); END IF; END $$;

CREATE INDEX ix_papers_project ON papers (tenant_id, project_id);
