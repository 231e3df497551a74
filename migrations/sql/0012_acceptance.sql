-- Generated once from the models; a test compares both.

CREATE TABLE maintenance_plans (
	tenant_id TEXT NOT NULL, 
	id UUID NOT NULL, 
	name TEXT NOT NULL, 
	year INTEGER NOT NULL, 
	content TEXT NOT NULL, 
	papers JSONB NOT NULL, 
	projects JSONB NOT NULL, 
	cost_fen BIGINT NOT NULL, 
	supersedes UUID, 
	compiled_by TEXT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_maintenance_plans PRIMARY KEY (tenant_id, id), 
	CONSTRAINT fk_maintenance_plans_supersedes FOREIGN KEY(tenant_id, supersedes) REFERENCES maintenance_plans (tenant_id, id), 
	CONSTRAINT uq_maintenance_plans_supersedes UNIQUE (tenant_id, supersedes)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('maintenance_plans', 'tenant_id'); END IF; END $$;

CREATE INDEX ix_maintenance_plans_list ON maintenance_plans (tenant_id, at DESC, id DESC);

CREATE TABLE maintenance_plan_reviews (
	tenant_id TEXT NOT NULL, 
	plan_id UUID NOT NULL, 
	slot TEXT NOT NULL, 
	agreed BOOLEAN NOT NULL, 
	opinion TEXT NOT NULL, 
	by TEXT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_maintenance_plan_reviews PRIMARY KEY (tenant_id, plan_id, slot), 
	CONSTRAINT fk_maintenance_plan_reviews_plan FOREIGN KEY(tenant_id, plan_id) REFERENCES maintenance_plans (tenant_id, id)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('maintenance_plan_reviews', 'tenant_id'); END IF; END $$;

CREATE TABLE acceptance_filings (
	tenant_id TEXT NOT NULL, 
	office_id UUID NOT NULL, 
	id UUID NOT NULL, 
	project_id UUID NOT NULL, 
	number TEXT NOT NULL, 
	year INTEGER NOT NULL, 
	project_name TEXT NOT NULL, 
	owner_name TEXT NOT NULL, 
	accepted_on DATE NOT NULL, 
	receipt JSONB NOT NULL, 
	filed_by TEXT NOT NULL, 
	filed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_acceptance_filings PRIMARY KEY (tenant_id, id), 
	CONSTRAINT fk_acceptance_filings_project FOREIGN KEY(tenant_id, project_id) REFERENCES projects (tenant_id, id), 
	CONSTRAINT uq_acceptance_filings_number UNIQUE (tenant_id, number), 
	CONSTRAINT uq_acceptance_filings_project UNIQUE (tenant_id, project_id)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('acceptance_filings', 'tenant_id'); END IF; END $$;

CREATE INDEX ix_acceptance_filings_list ON acceptance_filings (tenant_id, filed_at DESC, id DESC);

CREATE TABLE maintenance_proposals (
	tenant_id TEXT NOT NULL, 
	office_id UUID NOT NULL, 
	id UUID NOT NULL, 
	project_id UUID NOT NULL, 
	project_name TEXT NOT NULL, 
	owner_name TEXT NOT NULL, 
	year INTEGER NOT NULL, 
	amount_fen BIGINT NOT NULL, 
	workload TEXT NOT NULL, 
	score INTEGER, 
	watch JSONB NOT NULL, 
	findings JSONB NOT NULL, 
	late BOOLEAN NOT NULL, 
	"on" DATE NOT NULL, 
	organ TEXT NOT NULL, 
	proposed_by TEXT NOT NULL, 
	by_tenant TEXT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	arranged_fen BIGINT, 
	opinions JSONB, 
	note TEXT, 
	decided_by TEXT, 
	decided_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_maintenance_proposals PRIMARY KEY (tenant_id, id), 
	CONSTRAINT fk_maintenance_proposals_project FOREIGN KEY(tenant_id, project_id) REFERENCES projects (tenant_id, id), 
	CONSTRAINT uq_maintenance_proposals_year UNIQUE (tenant_id, project_id, year), 
	CONSTRAINT ck_maintenance_proposals_amount CHECK (amount_fen > 0), 
	CONSTRAINT ck_maintenance_proposals_decided CHECK ((arranged_fen IS NULL) = (decided_at IS NULL))
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('maintenance_proposals', 'tenant_id'); END IF; END $$;

CREATE INDEX ix_maintenance_proposals_list ON maintenance_proposals (tenant_id, year, at DESC, id DESC);

CREATE TABLE rectification_orders (
	tenant_id TEXT NOT NULL, 
	office_id UUID NOT NULL, 
	id UUID NOT NULL, 
	project_id UUID NOT NULL, 
	project_name TEXT NOT NULL, 
	owner_name TEXT NOT NULL, 
	organ TEXT NOT NULL, 
	area TEXT NOT NULL, 
	text TEXT NOT NULL, 
	issued_on DATE NOT NULL, 
	due DATE NOT NULL, 
	state TEXT NOT NULL, 
	answer TEXT, 
	evidence JSONB, 
	answered_on DATE, 
	finding TEXT, 
	closed_on DATE, 
	issued_by TEXT NOT NULL, 
	by_tenant TEXT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_rectification_orders PRIMARY KEY (tenant_id, id), 
	CONSTRAINT fk_rectification_orders_project FOREIGN KEY(tenant_id, project_id) REFERENCES projects (tenant_id, id), 
	CONSTRAINT ck_rectification_orders_state CHECK (state IN ('open', 'answered', 'failed', 'closed')), 
	CONSTRAINT ck_rectification_orders_closed CHECK ((state = 'closed') = (closed_on IS NOT NULL))
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('rectification_orders', 'tenant_id'); END IF; END $$;

CREATE INDEX ix_rectification_orders_list ON rectification_orders (tenant_id, at DESC, id DESC);

CREATE INDEX ix_rectification_orders_project ON rectification_orders (tenant_id, project_id);
