-- Generated once from the models; a test compares both.

CREATE TABLE assertion_uses (
	tenant_id TEXT NOT NULL, 
	client_id TEXT NOT NULL, 
	jti TEXT NOT NULL, 
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_assertion_uses PRIMARY KEY (tenant_id, client_id, jti)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('assertion_uses', 'tenant_id'); END IF; END $$;

CREATE TABLE audit_chain (
	tenant_id TEXT NOT NULL, 
	seq BIGINT NOT NULL, 
	entry_id UUID NOT NULL, 
	entry_digest TEXT NOT NULL, 
	head TEXT NOT NULL, 
	sealed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_audit_chain PRIMARY KEY (tenant_id, seq), 
	CONSTRAINT uq_audit_chain_entry UNIQUE (tenant_id, entry_id)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('audit_chain', 'tenant_id'); END IF; END $$;

CREATE TABLE audit_entries (
	tenant_id TEXT NOT NULL, 
	id UUID NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	actor TEXT NOT NULL, 
	actor_tenant TEXT NOT NULL, 
	client TEXT, 
	action TEXT NOT NULL, 
	object_kind TEXT NOT NULL, 
	object_id TEXT NOT NULL, 
	summary JSONB NOT NULL, 
	request_id TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	CONSTRAINT pk_audit_entries PRIMARY KEY (tenant_id, id)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('audit_entries', 'tenant_id'); END IF; END $$;

CREATE INDEX ix_audit_entries_at ON audit_entries (tenant_id, at, id);

CREATE TABLE clients (
	tenant_id TEXT NOT NULL, 
	id TEXT NOT NULL, 
	name TEXT NOT NULL, 
	secrets JSONB NOT NULL, 
	public_jwk JSONB, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	disabled_at TIMESTAMP WITH TIME ZONE, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_clients PRIMARY KEY (tenant_id, id)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('clients', 'tenant_id'); END IF; END $$;

CREATE TABLE counters (
	tenant_id TEXT NOT NULL, 
	name TEXT NOT NULL, 
	value BIGINT NOT NULL, 
	CONSTRAINT pk_counters PRIMARY KEY (tenant_id, name)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('counters', 'tenant_id'); END IF; END $$;

CREATE TABLE divisions (
	code TEXT NOT NULL, 
	name TEXT NOT NULL, 
	tier TEXT NOT NULL, 
	parent TEXT, 
	CONSTRAINT pk_divisions PRIMARY KEY (code)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_reference_table('divisions'); END IF; END $$;

CREATE TABLE event_feed (
	tenant_id TEXT NOT NULL, 
	seq BIGINT NOT NULL, 
	event_id UUID NOT NULL, 
	source_tenant TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	snapshot JSONB NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_event_feed PRIMARY KEY (tenant_id, seq), 
	CONSTRAINT uq_event_feed_event UNIQUE (tenant_id, event_id)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('event_feed', 'tenant_id'); END IF; END $$;

CREATE TABLE idempotency (
	tenant_id TEXT NOT NULL, 
	caller TEXT NOT NULL, 
	route TEXT NOT NULL, 
	key TEXT NOT NULL, 
	fingerprint TEXT NOT NULL, 
	status INTEGER NOT NULL, 
	headers JSONB NOT NULL, 
	body BYTEA NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_idempotency PRIMARY KEY (tenant_id, caller, route, key)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('idempotency', 'tenant_id'); END IF; END $$;

CREATE INDEX ix_idempotency_created ON idempotency (tenant_id, created_at);

CREATE TABLE inbox (
	tenant_id TEXT NOT NULL, 
	id UUID NOT NULL, 
	event_id UUID NOT NULL, 
	kind TEXT NOT NULL, 
	role TEXT NOT NULL, 
	office_id UUID, 
	title TEXT NOT NULL, 
	body TEXT NOT NULL, 
	snapshot JSONB NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	read_at TIMESTAMP WITH TIME ZONE, 
	read_by TEXT, 
	CONSTRAINT pk_inbox PRIMARY KEY (tenant_id, id)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('inbox', 'tenant_id'); END IF; END $$;

CREATE INDEX ix_inbox_list ON inbox (tenant_id, at DESC, id DESC);

CREATE TABLE offices (
	tenant_id TEXT NOT NULL, 
	id UUID NOT NULL, 
	name TEXT NOT NULL, 
	tier TEXT NOT NULL, 
	division TEXT NOT NULL, 
	local_code TEXT, 
	office_kind TEXT NOT NULL, 
	organ TEXT, 
	valid_from DATE NOT NULL, 
	valid_to DATE, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_offices PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_offices_name UNIQUE (tenant_id, division, name), 
	CONSTRAINT uq_offices_local_code UNIQUE (tenant_id, local_code), 
	CONSTRAINT ck_offices_tier CHECK (tier IN ('province', 'city', 'county'))
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('offices', 'tenant_id'); END IF; END $$;

CREATE INDEX ix_offices_list ON offices (tenant_id, id);

CREATE TABLE outbox (
	tenant_id TEXT NOT NULL, 
	id UUID NOT NULL, 
	kind TEXT NOT NULL, 
	recipients JSONB NOT NULL, 
	snapshot JSONB NOT NULL, 
	trace_id TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	next_attempt_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	attempts INTEGER NOT NULL, 
	last_error TEXT, 
	done_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_outbox PRIMARY KEY (tenant_id, id)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('outbox', 'tenant_id'); END IF; END $$;

CREATE INDEX ix_outbox_due ON outbox (tenant_id, next_attempt_at) WHERE done_at IS NULL;

CREATE TABLE revocations (
	tenant_id TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	cut TIMESTAMP WITH TIME ZONE NOT NULL, 
	recorded_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_revocations PRIMARY KEY (tenant_id, subject)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('revocations', 'tenant_id'); END IF; END $$;

CREATE INDEX ix_revocations_recorded ON revocations (tenant_id, recorded_at);

CREATE TABLE rulebook_entries (
	key TEXT NOT NULL, 
	effective_from DATE NOT NULL, 
	recorded_on DATE NOT NULL, 
	entry JSONB NOT NULL, 
	digest TEXT NOT NULL, 
	loaded_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_rulebook_entries PRIMARY KEY (key, effective_from, recorded_on)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_reference_table('rulebook_entries'); END IF; END $$;

CREATE TABLE summary (
	tenant_id TEXT NOT NULL, 
	route TEXT NOT NULL, 
	state TEXT NOT NULL, 
	month TEXT NOT NULL, 
	count BIGINT NOT NULL, 
	amount_fen BIGINT NOT NULL, 
	CONSTRAINT pk_summary PRIMARY KEY (tenant_id, route, state, month)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('summary', 'tenant_id'); END IF; END $$;

CREATE TABLE summary_deltas (
	tenant_id TEXT NOT NULL, 
	id UUID NOT NULL, 
	route TEXT NOT NULL, 
	state TEXT NOT NULL, 
	month TEXT NOT NULL, 
	count BIGINT NOT NULL, 
	amount_fen BIGINT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_summary_deltas PRIMARY KEY (tenant_id, id)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('summary_deltas', 'tenant_id'); END IF; END $$;

CREATE TABLE tenant_local (
	tenant_id TEXT NOT NULL, 
	CONSTRAINT pk_tenant_local PRIMARY KEY (tenant_id)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('tenant_local', 'tenant_id'); END IF; END $$;

CREATE TABLE tenants (
	id TEXT NOT NULL, 
	name TEXT NOT NULL, 
	tier TEXT NOT NULL, 
	division TEXT NOT NULL, 
	CONSTRAINT pk_tenants PRIMARY KEY (id), 
	CONSTRAINT ck_tenants_tier CHECK (tier IN ('province', 'city'))
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_reference_table('tenants'); END IF; END $$;

CREATE TABLE webhook_endpoints (
	tenant_id TEXT NOT NULL, 
	id UUID NOT NULL, 
	url TEXT NOT NULL, 
	kinds TEXT[] NOT NULL, 
	secrets JSONB NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	disabled_at TIMESTAMP WITH TIME ZONE, 
	disabled_reason TEXT, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_webhook_endpoints PRIMARY KEY (tenant_id, id)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('webhook_endpoints', 'tenant_id'); END IF; END $$;

CREATE TABLE projects (
	tenant_id TEXT NOT NULL, 
	office_id UUID NOT NULL, 
	id UUID NOT NULL, 
	external_ref TEXT, 
	name TEXT NOT NULL, 
	owner_name TEXT NOT NULL, 
	tier TEXT NOT NULL, 
	division TEXT NOT NULL, 
	office_kind TEXT NOT NULL, 
	state TEXT NOT NULL, 
	holder TEXT NOT NULL, 
	route TEXT, 
	project_class TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	investment_fen BIGINT NOT NULL, 
	declared JSONB, 
	decision JSONB, 
	submissions INTEGER NOT NULL, 
	month TEXT, 
	created_by TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	submitted_at TIMESTAMP WITH TIME ZONE, 
	gatekept_at TIMESTAMP WITH TIME ZONE, 
	approved_at TIMESTAMP WITH TIME ZONE, 
	filed_at TIMESTAMP WITH TIME ZONE, 
	handed_over_at TIMESTAMP WITH TIME ZONE, 
	approved_fen BIGINT, 
	filing_number TEXT, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_projects PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_projects_external_ref UNIQUE (tenant_id, external_ref), 
	CONSTRAINT fk_projects_office FOREIGN KEY(tenant_id, office_id) REFERENCES offices (tenant_id, id), 
	CONSTRAINT ck_projects_holder CHECK (holder IN ('owner', 'city', 'province')), 
	CONSTRAINT ck_projects_route CHECK (route IN ('provincial_review', 'city_filing')), 
	CONSTRAINT ck_projects_class CHECK (project_class IN ('infrastructure', 'integration', 'other')), 
	CONSTRAINT ck_projects_investment CHECK (investment_fen >= 0)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('projects', 'tenant_id'); END IF; END $$;

CREATE INDEX ix_projects_approved ON projects (tenant_id, state, approved_at, id);

CREATE INDEX ix_projects_list ON projects (tenant_id, created_at DESC, id DESC);

CREATE INDEX ix_projects_office ON projects (tenant_id, office_id, created_at DESC, id DESC);

CREATE INDEX ix_projects_state ON projects (tenant_id, state, created_at DESC, id DESC);

CREATE TABLE users (
	tenant_id TEXT NOT NULL, 
	id UUID NOT NULL, 
	office_id UUID NOT NULL, 
	login TEXT NOT NULL, 
	name TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	disabled_at TIMESTAMP WITH TIME ZONE, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_users PRIMARY KEY (tenant_id, id), 
	CONSTRAINT fk_users_office FOREIGN KEY(tenant_id, office_id) REFERENCES offices (tenant_id, id), 
	CONSTRAINT uq_users_login UNIQUE (tenant_id, login)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('users', 'tenant_id'); END IF; END $$;

CREATE INDEX ix_users_list ON users (tenant_id, id);

CREATE TABLE webhook_deliveries (
	tenant_id TEXT NOT NULL, 
	id UUID NOT NULL, 
	endpoint_id UUID NOT NULL, 
	event_id UUID NOT NULL, 
	kind TEXT NOT NULL, 
	payload JSONB NOT NULL, 
	state TEXT NOT NULL, 
	attempts INTEGER NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	next_attempt_at TIMESTAMP WITH TIME ZONE, 
	delivered_at TIMESTAMP WITH TIME ZONE, 
	last_status INTEGER, 
	last_error TEXT, 
	CONSTRAINT pk_webhook_deliveries PRIMARY KEY (tenant_id, id), 
	CONSTRAINT fk_webhook_deliveries_endpoint FOREIGN KEY(tenant_id, endpoint_id) REFERENCES webhook_endpoints (tenant_id, id), 
	CONSTRAINT ck_webhook_deliveries_state CHECK (state IN ('pending', 'delivered', 'dead'))
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('webhook_deliveries', 'tenant_id'); END IF; END $$;

CREATE INDEX ix_webhook_deliveries_due ON webhook_deliveries (tenant_id, state, next_attempt_at);

CREATE INDEX ix_webhook_deliveries_list ON webhook_deliveries (tenant_id, endpoint_id, created_at DESC, id DESC);

CREATE TABLE approvals (
	tenant_id TEXT NOT NULL, 
	office_id UUID NOT NULL, 
	project_id UUID NOT NULL, 
	approved_fen BIGINT NOT NULL, 
	document_number TEXT NOT NULL, 
	document_date DATE NOT NULL, 
	document_digest TEXT NOT NULL, 
	approved_by TEXT NOT NULL, 
	approved_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_approvals PRIMARY KEY (tenant_id, project_id), 
	CONSTRAINT fk_approvals_project FOREIGN KEY(tenant_id, project_id) REFERENCES projects (tenant_id, id)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('approvals', 'tenant_id'); END IF; END $$;

CREATE TABLE filings (
	tenant_id TEXT NOT NULL, 
	office_id UUID NOT NULL, 
	id UUID NOT NULL, 
	project_id UUID NOT NULL, 
	number TEXT NOT NULL, 
	year INTEGER NOT NULL, 
	project_name TEXT NOT NULL, 
	owner_name TEXT NOT NULL, 
	approved_fen BIGINT NOT NULL, 
	receipt JSONB NOT NULL, 
	filed_by TEXT NOT NULL, 
	filed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_filings PRIMARY KEY (tenant_id, id), 
	CONSTRAINT fk_filings_project FOREIGN KEY(tenant_id, project_id) REFERENCES projects (tenant_id, id), 
	CONSTRAINT uq_filings_number UNIQUE (tenant_id, number), 
	CONSTRAINT uq_filings_project UNIQUE (tenant_id, project_id)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('filings', 'tenant_id'); END IF; END $$;

CREATE INDEX ix_filings_list ON filings (tenant_id, filed_at DESC, id DESC);

CREATE TABLE project_drafts (
	tenant_id TEXT NOT NULL, 
	office_id UUID NOT NULL, 
	project_id UUID NOT NULL, 
	content JSONB NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_project_drafts PRIMARY KEY (tenant_id, project_id), 
	CONSTRAINT fk_project_drafts_project FOREIGN KEY(tenant_id, project_id) REFERENCES projects (tenant_id, id)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('project_drafts', 'tenant_id'); END IF; END $$;

CREATE TABLE project_findings (
	tenant_id TEXT NOT NULL, 
	office_id UUID NOT NULL, 
	project_id UUID NOT NULL, 
	code TEXT NOT NULL, 
	severity TEXT NOT NULL, 
	article INTEGER, 
	reason TEXT, 
	opinion TEXT, 
	opinion_by TEXT, 
	submitted_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_project_findings PRIMARY KEY (tenant_id, project_id, code), 
	CONSTRAINT fk_project_findings_project FOREIGN KEY(tenant_id, project_id) REFERENCES projects (tenant_id, id)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('project_findings', 'tenant_id'); END IF; END $$;

CREATE INDEX ix_project_findings_code ON project_findings (tenant_id, code, submitted_at DESC, project_id DESC);

CREATE INDEX ix_project_findings_reason ON project_findings (tenant_id, submitted_at DESC, project_id DESC, code DESC) WHERE reason IS NOT NULL;

CREATE TABLE project_versions (
	tenant_id TEXT NOT NULL, 
	office_id UUID NOT NULL, 
	project_id UUID NOT NULL, 
	number INTEGER NOT NULL, 
	content JSONB NOT NULL, 
	decision JSONB NOT NULL, 
	digest TEXT NOT NULL, 
	submitted_by TEXT NOT NULL, 
	submitted_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_project_versions PRIMARY KEY (tenant_id, project_id, number), 
	CONSTRAINT fk_project_versions_project FOREIGN KEY(tenant_id, project_id) REFERENCES projects (tenant_id, id)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('project_versions', 'tenant_id'); END IF; END $$;

CREATE TABLE role_grants (
	tenant_id TEXT NOT NULL, 
	user_id UUID NOT NULL, 
	role TEXT NOT NULL, 
	granted_by TEXT NOT NULL, 
	granted_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_role_grants PRIMARY KEY (tenant_id, user_id, role), 
	CONSTRAINT fk_role_grants_user FOREIGN KEY(tenant_id, user_id) REFERENCES users (tenant_id, id)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('role_grants', 'tenant_id'); END IF; END $$;

CREATE TABLE transitions (
	tenant_id TEXT NOT NULL, 
	office_id UUID NOT NULL, 
	id UUID NOT NULL, 
	project_id UUID NOT NULL, 
	action TEXT NOT NULL, 
	from_state TEXT NOT NULL, 
	to_state TEXT NOT NULL, 
	actor TEXT NOT NULL, 
	actor_tenant TEXT NOT NULL, 
	client TEXT, 
	reason TEXT, 
	citation JSONB NOT NULL, 
	details JSONB NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_transitions PRIMARY KEY (tenant_id, id), 
	CONSTRAINT fk_transitions_project FOREIGN KEY(tenant_id, project_id) REFERENCES projects (tenant_id, id)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('transitions', 'tenant_id'); END IF; END $$;

CREATE INDEX ix_transitions_project ON transitions (tenant_id, project_id, at);

CREATE TABLE filing_queries (
	tenant_id TEXT NOT NULL, 
	office_id UUID NOT NULL, 
	id UUID NOT NULL, 
	filing_id UUID NOT NULL, 
	question TEXT NOT NULL, 
	asked_by TEXT NOT NULL, 
	asked_by_tenant TEXT NOT NULL, 
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	answer TEXT, 
	answered_by TEXT, 
	answered_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_filing_queries PRIMARY KEY (tenant_id, id), 
	CONSTRAINT fk_filing_queries_filing FOREIGN KEY(tenant_id, filing_id) REFERENCES filings (tenant_id, id), 
	CONSTRAINT ck_filing_queries_answer CHECK ((answer IS NULL) = (answered_at IS NULL))
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('filing_queries', 'tenant_id'); END IF; END $$;

CREATE INDEX ix_filing_queries_filing ON filing_queries (tenant_id, filing_id, asked_at);
