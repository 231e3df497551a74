-- Generated once from the models; a test compares both.

CREATE TABLE intake_notices (
	id UUID NOT NULL, 
	number INTEGER NOT NULL, 
	year INTEGER NOT NULL, 
	action TEXT NOT NULL, 
	content JSONB NOT NULL, 
	by TEXT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_intake_notices PRIMARY KEY (id, number), 
	CONSTRAINT uq_intake_notices_year UNIQUE (year, number)
);

CREATE TABLE plan_versions (
	tenant_id TEXT NOT NULL, 
	id UUID NOT NULL, 
	plan_id UUID NOT NULL, 
	number INTEGER NOT NULL, 
	title TEXT NOT NULL, 
	first_year INTEGER NOT NULL, 
	items JSONB NOT NULL, 
	state TEXT NOT NULL, 
	ground TEXT, 
	reason TEXT, 
	appraisal JSONB, 
	decision JSONB, 
	created_by TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_plan_versions PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_plan_versions_number UNIQUE (tenant_id, plan_id, number), 
	CONSTRAINT ck_plan_versions_state CHECK (state IN ('draft', 'appraised', 'adopted')), 
	CONSTRAINT ck_plan_versions_ground CHECK ((number = 1) = (ground IS NULL))
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('plan_versions', 'tenant_id'); END IF; END $$;

CREATE INDEX ix_plan_versions_list ON plan_versions (tenant_id, created_at DESC, id DESC);

CREATE TABLE published_plans (
	id UUID NOT NULL, 
	plan_id UUID NOT NULL, 
	number INTEGER NOT NULL, 
	title TEXT NOT NULL, 
	first_year INTEGER NOT NULL, 
	items JSONB NOT NULL, 
	appraisal JSONB NOT NULL, 
	decision JSONB NOT NULL, 
	ground TEXT, 
	reason TEXT, 
	adopted_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_published_plans PRIMARY KEY (id), 
	CONSTRAINT uq_published_plans_number UNIQUE (plan_id, number)
);

CREATE TABLE frameworks (
	tenant_id TEXT NOT NULL, 
	id UUID NOT NULL, 
	project_id UUID NOT NULL, 
	project_name TEXT NOT NULL, 
	goals TEXT NOT NULL, 
	content TEXT NOT NULL, 
	parties TEXT[] NOT NULL, 
	party_names JSONB NOT NULL, 
	edition INTEGER NOT NULL, 
	opened_by TEXT NOT NULL, 
	opened_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_frameworks PRIMARY KEY (tenant_id, id), 
	CONSTRAINT fk_frameworks_project FOREIGN KEY(tenant_id, project_id) REFERENCES projects (tenant_id, id), 
	CONSTRAINT uq_frameworks_project UNIQUE (tenant_id, project_id)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('frameworks', 'tenant_id'); END IF; END $$;

CREATE TABLE library_entries (
	tenant_id TEXT NOT NULL, 
	office_id UUID NOT NULL, 
	id UUID NOT NULL, 
	project_id UUID NOT NULL, 
	project_name TEXT NOT NULL, 
	owner_name TEXT NOT NULL, 
	division TEXT NOT NULL, 
	project_class TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	investment_fen BIGINT NOT NULL, 
	year INTEGER NOT NULL, 
	entered_on DATE NOT NULL, 
	valid_until DATE NOT NULL, 
	in_plan BOOLEAN NOT NULL, 
	plan_item JSONB, 
	priority JSONB NOT NULL, 
	rank INTEGER NOT NULL, 
	note TEXT NOT NULL, 
	removed_on DATE, 
	removal_reason TEXT, 
	by TEXT NOT NULL, 
	by_tenant TEXT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_library_entries PRIMARY KEY (tenant_id, id), 
	CONSTRAINT fk_library_entries_project FOREIGN KEY(tenant_id, project_id) REFERENCES projects (tenant_id, id), 
	CONSTRAINT ck_library_entries_validity CHECK (valid_until > entered_on), 
	CONSTRAINT ck_library_entries_removal CHECK ((removed_on IS NULL) = (removal_reason IS NULL))
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('library_entries', 'tenant_id'); END IF; END $$;

CREATE INDEX ix_library_entries_list ON library_entries (tenant_id, rank, entered_on DESC, id DESC);

CREATE INDEX ix_library_entries_project ON library_entries (tenant_id, project_id, entered_on DESC);

CREATE TABLE link_invitations (
	tenant_id TEXT NOT NULL, 
	id UUID NOT NULL, 
	lead_tenant TEXT NOT NULL, 
	lead_project UUID NOT NULL, 
	lead_name TEXT NOT NULL, 
	lead_owner TEXT NOT NULL, 
	lead_desks JSONB NOT NULL, 
	task TEXT NOT NULL, 
	standards JSONB NOT NULL, 
	standards_number INTEGER NOT NULL, 
	state TEXT NOT NULL, 
	project_id UUID, 
	reason TEXT, 
	answered_by TEXT, 
	answered_at TIMESTAMP WITH TIME ZONE, 
	summary JSONB, 
	summary_seq INTEGER NOT NULL, 
	invited_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_link_invitations PRIMARY KEY (tenant_id, id), 
	CONSTRAINT fk_link_invitations_project FOREIGN KEY(tenant_id, project_id) REFERENCES projects (tenant_id, id), 
	CONSTRAINT ck_link_invitations_state CHECK (state IN ('invited', 'joined', 'declined')), 
	CONSTRAINT ck_link_invitations_joined CHECK (state <> 'joined' OR project_id IS NOT NULL)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('link_invitations', 'tenant_id'); END IF; END $$;

CREATE INDEX ix_link_invitations_list ON link_invitations (tenant_id, invited_at DESC, id DESC);

CREATE INDEX ix_link_invitations_project ON link_invitations (tenant_id, project_id);

CREATE TABLE link_standards (
	tenant_id TEXT NOT NULL, 
	office_id UUID NOT NULL, 
	project_id UUID NOT NULL, 
	number INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	document_number TEXT, 
	"on" DATE NOT NULL, 
	by TEXT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_link_standards PRIMARY KEY (tenant_id, project_id, number), 
	CONSTRAINT fk_link_standards_project FOREIGN KEY(tenant_id, project_id) REFERENCES projects (tenant_id, id)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('link_standards', 'tenant_id'); END IF; END $$;

CREATE TABLE links (
	tenant_id TEXT NOT NULL, 
	office_id UUID NOT NULL, 
	id UUID NOT NULL, 
	project_id UUID NOT NULL, 
	child_tenant TEXT NOT NULL, 
	child_id UUID, 
	task TEXT NOT NULL, 
	state TEXT NOT NULL, 
	summary JSONB, 
	seq INTEGER NOT NULL, 
	invited_by TEXT NOT NULL, 
	invited_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_links PRIMARY KEY (tenant_id, id), 
	CONSTRAINT fk_links_project FOREIGN KEY(tenant_id, project_id) REFERENCES projects (tenant_id, id), 
	CONSTRAINT ck_links_state CHECK (state IN ('invited', 'joined', 'declined'))
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('links', 'tenant_id'); END IF; END $$;

CREATE INDEX ix_links_project ON links (tenant_id, project_id, invited_at);

CREATE TABLE framework_signatures (
	tenant_id TEXT NOT NULL, 
	framework_id UUID NOT NULL, 
	edition INTEGER NOT NULL, 
	party TEXT NOT NULL, 
	signed_by TEXT NOT NULL, 
	by_tenant TEXT NOT NULL, 
	signed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_framework_signatures PRIMARY KEY (tenant_id, framework_id, edition, party), 
	CONSTRAINT fk_framework_signatures_framework FOREIGN KEY(tenant_id, framework_id) REFERENCES frameworks (tenant_id, id)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('framework_signatures', 'tenant_id'); END IF; END $$;
