-- Generated once from the models; a test compares both.

CREATE TABLE draft_templates (
	tenant_id TEXT NOT NULL, 
	id UUID NOT NULL, 
	office_id UUID NOT NULL, 
	kind TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	act TEXT NOT NULL, 
	name TEXT, 
	digest TEXT, 
	size INTEGER NOT NULL, 
	content BYTEA, 
	by TEXT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_draft_templates PRIMARY KEY (tenant_id, id), 
	CONSTRAINT fk_draft_templates_office FOREIGN KEY(tenant_id, office_id) REFERENCES offices (tenant_id, id), 
	CONSTRAINT uq_draft_templates_number UNIQUE (tenant_id, office_id, kind, number), 
	CONSTRAINT ck_draft_templates_act CHECK (act IN ('put', 'withdrawn')), 
	CONSTRAINT ck_draft_templates_put CHECK ((act = 'put') = (digest IS NOT NULL)), 
	CONSTRAINT ck_draft_templates_size CHECK (size BETWEEN 0 AND 2097152)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('draft_templates', 'tenant_id'); END IF; END $$;
