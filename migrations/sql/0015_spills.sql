-- Generated once from the models; a test compares both.

CREATE TABLE spills (
	tenant_id TEXT NOT NULL, 
	id UUID NOT NULL, 
	project_id UUID NOT NULL, 
	document_id UUID, 
	reason TEXT NOT NULL, 
	state TEXT NOT NULL, 
	requested_by TEXT NOT NULL, 
	requested_tenant TEXT NOT NULL, 
	requested_user UUID NOT NULL, 
	requested_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	confirmed_by TEXT, 
	confirmed_tenant TEXT, 
	confirmed_user UUID, 
	confirmed_at TIMESTAMP WITH TIME ZONE, 
	erased_at TIMESTAMP WITH TIME ZONE, 
	purged_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_spills PRIMARY KEY (tenant_id, id), 
	CONSTRAINT fk_spills_project FOREIGN KEY(tenant_id, project_id) REFERENCES projects (tenant_id, id), 
	CONSTRAINT fk_spills_document FOREIGN KEY(tenant_id, document_id) REFERENCES documents (tenant_id, id), 
	CONSTRAINT ck_spills_state CHECK (state IN ('requested', 'confirmed', 'purged')), 
	CONSTRAINT ck_spills_confirmed CHECK ((state = 'requested') = (confirmed_user IS NULL)), 
	CONSTRAINT ck_spills_two_people CHECK (confirmed_user <> requested_user)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('spills', 'tenant_id'); END IF; END $$;

CREATE INDEX ix_spills_list ON spills (tenant_id, requested_at DESC, id DESC);

CREATE UNIQUE INDEX uq_spills_open ON spills (tenant_id, project_id, document_id) NULLS NOT DISTINCT WHERE state != 'purged';
