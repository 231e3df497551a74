-- Generated once from the models; a test compares both.

CREATE TABLE library_imports (
	tenant_id TEXT NOT NULL, 
	id UUID NOT NULL, 
	owner_office_id UUID NOT NULL, 
	owner_name TEXT NOT NULL, 
	project_name TEXT NOT NULL, 
	document JSONB NOT NULL, 
	entered_on DATE NOT NULL, 
	valid_until DATE NOT NULL, 
	note TEXT NOT NULL, 
	state TEXT NOT NULL, 
	proposed_by TEXT NOT NULL, 
	proposed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	decided_by TEXT, 
	decided_at TIMESTAMP WITH TIME ZONE, 
	reason TEXT, 
	by_tenant TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_library_imports PRIMARY KEY (tenant_id, id), 
	CONSTRAINT ck_library_imports_validity CHECK (valid_until > entered_on), 
	CONSTRAINT ck_library_imports_state CHECK (state IN ('proposed', 'confirmed', 'refused')), 
	CONSTRAINT ck_library_imports_decided CHECK ((state = 'proposed') = (decided_by IS NULL))
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('library_imports', 'tenant_id'); END IF; END $$;

CREATE INDEX ix_library_imports_list ON library_imports (tenant_id, proposed_at DESC, id DESC);

CREATE INDEX ix_library_imports_owner ON library_imports (tenant_id, owner_office_id);
