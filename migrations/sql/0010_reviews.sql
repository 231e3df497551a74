-- Generated once from the models; a test compares both.

CREATE TABLE appraisals (
	tenant_id TEXT NOT NULL, 
	office_id UUID NOT NULL, 
	id UUID NOT NULL, 
	project_id UUID NOT NULL, 
	number INTEGER NOT NULL, 
	by_tenant TEXT NOT NULL, 
	stage TEXT NOT NULL, 
	status TEXT NOT NULL, 
	submission INTEGER NOT NULL, 
	substance TEXT NOT NULL, 
	agency_office_id UUID NOT NULL, 
	agency_name TEXT NOT NULL, 
	fields TEXT[] NOT NULL, 
	task TEXT NOT NULL, 
	due_on DATE NOT NULL, 
	commissioned_by TEXT NOT NULL, 
	commissioned_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	panel INTEGER, 
	seed TEXT, 
	eligible JSONB, 
	drawn_at TIMESTAMP WITH TIME ZONE, 
	opened_at TIMESTAMP WITH TIME ZONE, 
	verdict TEXT, 
	report JSONB, 
	concluded_by TEXT, 
	concluded_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_appraisals PRIMARY KEY (tenant_id, id), 
	CONSTRAINT fk_appraisals_project FOREIGN KEY(tenant_id, project_id) REFERENCES projects (tenant_id, id), 
	CONSTRAINT uq_appraisals_number UNIQUE (tenant_id, project_id, number), 
	CONSTRAINT ck_appraisals_stage CHECK (stage IN ('need', 'declaration')), 
	CONSTRAINT ck_appraisals_status CHECK (status IN ('commissioned', 'drawn', 'scored', 'concluded', 'lapsed')), 
	CONSTRAINT ck_appraisals_verdict CHECK (verdict IN ('pass', 'revise', 'fail')), 
	CONSTRAINT ck_appraisals_concluded CHECK ((verdict IS NULL) = (concluded_at IS NULL))
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('appraisals', 'tenant_id'); END IF; END $$;

CREATE TABLE experts (
	tenant_id TEXT NOT NULL, 
	id UUID NOT NULL, 
	name TEXT NOT NULL, 
	title TEXT NOT NULL, 
	fields TEXT[] NOT NULL, 
	employer_name TEXT NOT NULL, 
	employer_office_id UUID, 
	user_id UUID, 
	valid_from DATE NOT NULL, 
	valid_to DATE, 
	suspended_reason TEXT, 
	added_by TEXT NOT NULL, 
	added_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_experts PRIMARY KEY (tenant_id, id), 
	CONSTRAINT fk_experts_user FOREIGN KEY(tenant_id, user_id) REFERENCES users (tenant_id, id), 
	CONSTRAINT fk_experts_employer FOREIGN KEY(tenant_id, employer_office_id) REFERENCES offices (tenant_id, id), 
	CONSTRAINT uq_experts_user UNIQUE (tenant_id, user_id)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('experts', 'tenant_id'); END IF; END $$;

CREATE INDEX ix_experts_list ON experts (tenant_id, id);

CREATE TABLE joint_reviews (
	tenant_id TEXT NOT NULL, 
	office_id UUID NOT NULL, 
	id UUID NOT NULL, 
	project_id UUID NOT NULL, 
	number INTEGER NOT NULL, 
	by_tenant TEXT NOT NULL, 
	status TEXT NOT NULL, 
	submission INTEGER NOT NULL, 
	slots TEXT[] NOT NULL, 
	task TEXT NOT NULL, 
	due_on DATE, 
	opened_by TEXT NOT NULL, 
	opened_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	agreed BOOLEAN, 
	plan TEXT, 
	budget_fen BIGINT, 
	summary TEXT, 
	reason TEXT, 
	closed_by TEXT, 
	closed_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_joint_reviews PRIMARY KEY (tenant_id, id), 
	CONSTRAINT fk_joint_reviews_project FOREIGN KEY(tenant_id, project_id) REFERENCES projects (tenant_id, id), 
	CONSTRAINT uq_joint_reviews_number UNIQUE (tenant_id, project_id, number), 
	CONSTRAINT ck_joint_reviews_status CHECK (status IN ('open', 'closed', 'lapsed')), 
	CONSTRAINT ck_joint_reviews_closed CHECK ((agreed IS NULL) = (closed_at IS NULL))
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('joint_reviews', 'tenant_id'); END IF; END $$;

CREATE TABLE appraisal_experts (
	tenant_id TEXT NOT NULL, 
	id UUID NOT NULL, 
	appraisal_id UUID NOT NULL, 
	project_id UUID NOT NULL, 
	by_tenant TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	expert_id UUID NOT NULL, 
	user_id UUID NOT NULL, 
	name TEXT NOT NULL, 
	title TEXT NOT NULL, 
	employer_name TEXT NOT NULL, 
	chosen TEXT NOT NULL, 
	reason TEXT, 
	replaces UUID, 
	assigned_by TEXT NOT NULL, 
	assigned_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	recused_by TEXT, 
	recusal_reason TEXT, 
	recused_at TIMESTAMP WITH TIME ZONE, 
	scored_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_appraisal_experts PRIMARY KEY (tenant_id, id), 
	CONSTRAINT fk_appraisal_experts_appraisal FOREIGN KEY(tenant_id, appraisal_id) REFERENCES appraisals (tenant_id, id), 
	CONSTRAINT uq_appraisal_experts_expert UNIQUE (tenant_id, appraisal_id, expert_id), 
	CONSTRAINT uq_appraisal_experts_position UNIQUE (tenant_id, appraisal_id, position), 
	CONSTRAINT ck_appraisal_experts_chosen CHECK (chosen IN ('drawn', 'directed')), 
	CONSTRAINT ck_appraisal_experts_reason CHECK (chosen = 'drawn' OR reason IS NOT NULL)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('appraisal_experts', 'tenant_id'); END IF; END $$;

CREATE INDEX ix_appraisal_experts_user ON appraisal_experts (tenant_id, user_id, id DESC);

CREATE TABLE joint_review_opinions (
	tenant_id TEXT NOT NULL, 
	office_id UUID NOT NULL, 
	review_id UUID NOT NULL, 
	slot TEXT NOT NULL, 
	edition INTEGER NOT NULL, 
	by_tenant TEXT NOT NULL, 
	opinion TEXT NOT NULL, 
	text TEXT NOT NULL, 
	plan TEXT, 
	funds_fen BIGINT, 
	given_by TEXT NOT NULL, 
	given_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_joint_review_opinions PRIMARY KEY (tenant_id, review_id, slot, edition), 
	CONSTRAINT fk_joint_review_opinions_review FOREIGN KEY(tenant_id, review_id) REFERENCES joint_reviews (tenant_id, id), 
	CONSTRAINT ck_joint_review_opinions_opinion CHECK (opinion IN ('agree', 'conditional', 'disagree'))
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('joint_review_opinions', 'tenant_id'); END IF; END $$;

CREATE TABLE appraisal_scores (
	tenant_id TEXT NOT NULL, 
	assignment_id UUID NOT NULL, 
	appraisal_id UUID NOT NULL, 
	by_tenant TEXT NOT NULL, 
	scores JSONB NOT NULL, 
	recommendation TEXT NOT NULL, 
	opinion TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_appraisal_scores PRIMARY KEY (tenant_id, assignment_id), 
	CONSTRAINT fk_appraisal_scores_assignment FOREIGN KEY(tenant_id, assignment_id) REFERENCES appraisal_experts (tenant_id, id), 
	CONSTRAINT ck_appraisal_scores_recommendation CHECK (recommendation IN ('pass', 'revise', 'fail'))
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('appraisal_scores', 'tenant_id'); END IF; END $$;

CREATE INDEX ix_appraisal_scores_appraisal ON appraisal_scores (tenant_id, appraisal_id);
