-- Generated once from the models; a test compares both.

CREATE TABLE similarity_keys (
	tenant_id TEXT NOT NULL, 
	office_id UUID NOT NULL, 
	project_id UUID NOT NULL, 
	token BIGINT NOT NULL, 
	day DATE NOT NULL, 
	CONSTRAINT pk_similarity_keys PRIMARY KEY (tenant_id, project_id, token), 
	CONSTRAINT fk_similarity_keys_project FOREIGN KEY(tenant_id, project_id) REFERENCES projects (tenant_id, id)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('similarity_keys', 'tenant_id'); END IF; END $$;

CREATE INDEX ix_similarity_keys_office ON similarity_keys (tenant_id, office_id, token, day DESC, project_id);

CREATE INDEX ix_similarity_keys_token ON similarity_keys (tenant_id, token, day DESC, project_id);

CREATE TABLE suspicions (
	tenant_id TEXT NOT NULL, 
	office_id UUID NOT NULL, 
	id UUID NOT NULL, 
	kind TEXT NOT NULL, 
	project_id UUID NOT NULL, 
	project_name TEXT NOT NULL, 
	owner_name TEXT NOT NULL, 
	month TEXT NOT NULL, 
	line_fen BIGINT, 
	sum_fen BIGINT NOT NULL, 
	article INTEGER NOT NULL, 
	score INTEGER NOT NULL, 
	size INTEGER NOT NULL, 
	phrases JSONB NOT NULL, 
	state TEXT NOT NULL, 
	reason TEXT, 
	joint_project_id UUID, 
	decided_by TEXT, 
	decided_tenant TEXT, 
	decided_at TIMESTAMP WITH TIME ZONE, 
	found_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_suspicions PRIMARY KEY (tenant_id, id), 
	CONSTRAINT fk_suspicions_project FOREIGN KEY(tenant_id, project_id) REFERENCES projects (tenant_id, id), 
	CONSTRAINT uq_suspicions_project UNIQUE (tenant_id, kind, project_id), 
	CONSTRAINT ck_suspicions_kind CHECK (kind IN ('split', 'label')), 
	CONSTRAINT ck_suspicions_state CHECK (state IN ('open', 'dismissed', 'confirmed', 'joined', 'lapsed'))
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('suspicions', 'tenant_id'); END IF; END $$;

CREATE INDEX ix_suspicions_list ON suspicions (tenant_id, found_at DESC, id DESC);

CREATE INDEX ix_suspicions_month ON suspicions (tenant_id, month, kind);

CREATE TABLE suspicion_members (
	tenant_id TEXT NOT NULL, 
	office_id UUID NOT NULL, 
	suspicion_id UUID NOT NULL, 
	project_id UUID NOT NULL, 
	name TEXT NOT NULL, 
	owner_name TEXT NOT NULL, 
	counted_fen BIGINT NOT NULL, 
	score INTEGER NOT NULL, 
	day DATE NOT NULL, 
	CONSTRAINT pk_suspicion_members PRIMARY KEY (tenant_id, suspicion_id, project_id), 
	CONSTRAINT fk_suspicion_members_suspicion FOREIGN KEY(tenant_id, suspicion_id) REFERENCES suspicions (tenant_id, id), 
	CONSTRAINT fk_suspicion_members_project FOREIGN KEY(tenant_id, project_id) REFERENCES projects (tenant_id, id)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('suspicion_members', 'tenant_id'); END IF; END $$;

CREATE INDEX ix_suspicion_members_project ON suspicion_members (tenant_id, project_id);
