-- Generated once from the models; a test compares both.

CREATE TABLE app_entries (
	tenant_id TEXT NOT NULL, 
	provider_tenant TEXT NOT NULL, 
	app_id UUID NOT NULL, 
	provider_tier TEXT NOT NULL, 
	provider_tenant_name TEXT NOT NULL, 
	provider_name TEXT NOT NULL, 
	name TEXT NOT NULL, 
	category TEXT NOT NULL, 
	status TEXT NOT NULL, 
	reach TEXT NOT NULL, 
	offices TEXT[] NOT NULL, 
	security_level INTEGER NOT NULL, 
	cost_fen BIGINT NOT NULL, 
	content JSONB NOT NULL, 
	successor TEXT, 
	edition INTEGER NOT NULL, 
	revision INTEGER NOT NULL, 
	published_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_app_entries PRIMARY KEY (tenant_id, provider_tenant, app_id), 
	CONSTRAINT ck_app_entries_reach CHECK (reach IN ('province', 'tenant', 'offices')), 
	CONSTRAINT ck_app_entries_tenant CHECK (reach = 'province' OR provider_tenant = tenant_id)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('app_entries', 'tenant_id'); END IF; END $$;

CREATE TABLE app_uses (
	tenant_id TEXT NOT NULL, 
	provider_tenant TEXT NOT NULL, 
	app_id UUID NOT NULL, 
	adopter_tenant TEXT NOT NULL, 
	offices INTEGER NOT NULL, 
	seq BIGINT NOT NULL, 
	CONSTRAINT pk_app_uses PRIMARY KEY (tenant_id, provider_tenant, app_id, adopter_tenant)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('app_uses', 'tenant_id'); END IF; END $$;

CREATE TABLE adoptions (
	tenant_id TEXT NOT NULL, 
	office_id UUID NOT NULL, 
	id UUID NOT NULL, 
	provider_tenant TEXT NOT NULL, 
	app_id UUID NOT NULL, 
	app_name TEXT NOT NULL, 
	provider_name TEXT NOT NULL, 
	reach TEXT NOT NULL, 
	adopter_name TEXT NOT NULL, 
	adopter_tier TEXT NOT NULL, 
	division TEXT NOT NULL, 
	users INTEGER NOT NULL, 
	scope TEXT NOT NULL, 
	data_needs JSONB NOT NULL, 
	state TEXT NOT NULL, 
	holder TEXT NOT NULL, 
	automatic BOOLEAN NOT NULL, 
	reason TEXT, 
	requested_by TEXT NOT NULL, 
	requested_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	confirmed_at TIMESTAMP WITH TIME ZONE, 
	activated_at TIMESTAMP WITH TIME ZONE, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	score INTEGER, 
	feedback TEXT, 
	feedback_at TIMESTAMP WITH TIME ZONE, 
	seq INTEGER NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_adoptions PRIMARY KEY (tenant_id, id), 
	CONSTRAINT fk_adoptions_office FOREIGN KEY(tenant_id, office_id) REFERENCES offices (tenant_id, id), 
	CONSTRAINT ck_adoptions_holder CHECK (holder IN ('adopter', 'city', 'provider')), 
	CONSTRAINT ck_adoptions_score CHECK (score BETWEEN 1 AND 5), 
	CONSTRAINT ck_adoptions_users CHECK (users > 0)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('adoptions', 'tenant_id'); END IF; END $$;

CREATE INDEX ix_adoptions_list ON adoptions (tenant_id, requested_at DESC, id DESC);

CREATE UNIQUE INDEX uq_adoptions_live ON adoptions (tenant_id, office_id, provider_tenant, app_id) WHERE state IN ('requested', 'confirmed', 'active', 'suspended');

CREATE TABLE apps (
	tenant_id TEXT NOT NULL, 
	office_id UUID NOT NULL, 
	id UUID NOT NULL, 
	name TEXT NOT NULL, 
	status TEXT NOT NULL, 
	reach TEXT NOT NULL, 
	offices TEXT[] NOT NULL, 
	content JSONB NOT NULL, 
	source_project UUID, 
	successor TEXT, 
	edition INTEGER NOT NULL, 
	created_by TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	published_at TIMESTAMP WITH TIME ZONE, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_apps PRIMARY KEY (tenant_id, id), 
	CONSTRAINT fk_apps_office FOREIGN KEY(tenant_id, office_id) REFERENCES offices (tenant_id, id), 
	CONSTRAINT uq_apps_source_project UNIQUE (tenant_id, source_project), 
	CONSTRAINT ck_apps_status CHECK (status IN ('draft', 'pilot', 'available', 'deprecated', 'retired')), 
	CONSTRAINT ck_apps_reach CHECK (reach IN ('province', 'tenant', 'offices')), 
	CONSTRAINT ck_apps_edition CHECK ((status = 'draft') = (edition = 0))
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('apps', 'tenant_id'); END IF; END $$;

CREATE INDEX ix_apps_list ON apps (tenant_id, updated_at DESC, id DESC);

CREATE TABLE adoption_steps (
	tenant_id TEXT NOT NULL, 
	office_id UUID NOT NULL, 
	id UUID NOT NULL, 
	adoption_id UUID NOT NULL, 
	reach TEXT NOT NULL, 
	action TEXT NOT NULL, 
	from_state TEXT NOT NULL, 
	to_state TEXT NOT NULL, 
	actor TEXT NOT NULL, 
	actor_tenant TEXT NOT NULL, 
	reason TEXT, 
	citation JSONB NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_adoption_steps PRIMARY KEY (tenant_id, id), 
	CONSTRAINT fk_adoption_steps_adoption FOREIGN KEY(tenant_id, adoption_id) REFERENCES adoptions (tenant_id, id)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('adoption_steps', 'tenant_id'); END IF; END $$;

CREATE INDEX ix_adoption_steps_adoption ON adoption_steps (tenant_id, adoption_id, at);

CREATE TABLE adoption_usage (
	tenant_id TEXT NOT NULL, 
	office_id UUID NOT NULL, 
	adoption_id UUID NOT NULL, 
	month TEXT NOT NULL, 
	reach TEXT NOT NULL, 
	active_users BIGINT NOT NULL, 
	calls BIGINT NOT NULL, 
	revision INTEGER NOT NULL, 
	reported_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_adoption_usage PRIMARY KEY (tenant_id, adoption_id, month), 
	CONSTRAINT fk_adoption_usage_adoption FOREIGN KEY(tenant_id, adoption_id) REFERENCES adoptions (tenant_id, id)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('adoption_usage', 'tenant_id'); END IF; END $$;

CREATE TABLE provisions (
	tenant_id TEXT NOT NULL, 
	id UUID NOT NULL, 
	adopter_tenant TEXT NOT NULL, 
	adopter_office UUID NOT NULL, 
	adopter_name TEXT NOT NULL, 
	division TEXT NOT NULL, 
	app_id UUID NOT NULL, 
	app_name TEXT NOT NULL, 
	reach TEXT NOT NULL, 
	users INTEGER NOT NULL, 
	scope TEXT NOT NULL, 
	data_needs JSONB NOT NULL, 
	state TEXT NOT NULL, 
	reason TEXT, 
	adoption_version INTEGER NOT NULL, 
	confirmed_at TIMESTAMP WITH TIME ZONE, 
	activated_at TIMESTAMP WITH TIME ZONE, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	score INTEGER, 
	feedback TEXT, 
	feedback_version INTEGER NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_provisions PRIMARY KEY (tenant_id, id), 
	CONSTRAINT fk_provisions_app FOREIGN KEY(tenant_id, app_id) REFERENCES apps (tenant_id, id)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('provisions', 'tenant_id'); END IF; END $$;

CREATE INDEX ix_provisions_app ON provisions (tenant_id, app_id, adopter_tenant);

CREATE INDEX ix_provisions_list ON provisions (tenant_id, updated_at DESC, id DESC);

CREATE TABLE provision_usage (
	tenant_id TEXT NOT NULL, 
	provision_id UUID NOT NULL, 
	month TEXT NOT NULL, 
	active_users BIGINT NOT NULL, 
	calls BIGINT NOT NULL, 
	revision INTEGER NOT NULL, 
	reported_by TEXT NOT NULL, 
	reported_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_provision_usage PRIMARY KEY (tenant_id, provision_id, month), 
	CONSTRAINT fk_provision_usage_provision FOREIGN KEY(tenant_id, provision_id) REFERENCES provisions (tenant_id, id), 
	CONSTRAINT ck_provision_usage_numbers CHECK (active_users >= 0 AND calls >= 0)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('provision_usage', 'tenant_id'); END IF; END $$;
