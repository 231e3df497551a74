-- Generated once from the models; a test compares both.

CREATE TABLE calendar_days (
	day DATE NOT NULL, 
	working BOOLEAN NOT NULL, 
	note TEXT NOT NULL, 
	CONSTRAINT pk_calendar_days PRIMARY KEY (day)
);

CREATE TABLE calendar_years (
	year INTEGER NOT NULL, 
	source TEXT NOT NULL, 
	recorded_by TEXT NOT NULL, 
	recorded_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_calendar_years PRIMARY KEY (year)
);

CREATE TABLE obligation_alarms (
	tenant_id TEXT NOT NULL, 
	name TEXT NOT NULL, 
	period TEXT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_obligation_alarms PRIMARY KEY (tenant_id, name, period)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('obligation_alarms', 'tenant_id'); END IF; END $$;

CREATE TABLE obligation_cases (
	tenant_id TEXT NOT NULL, 
	office_id UUID NOT NULL, 
	project_id UUID NOT NULL, 
	looked_on DATE NOT NULL, 
	CONSTRAINT pk_obligation_cases PRIMARY KEY (tenant_id, project_id)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('obligation_cases', 'tenant_id'); END IF; END $$;

CREATE TABLE obligation_feeds (
	tenant_id TEXT NOT NULL, 
	id UUID NOT NULL, 
	office_id UUID, 
	tier TEXT NOT NULL, 
	role TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	created_by TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_obligation_feeds PRIMARY KEY (tenant_id, id)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('obligation_feeds', 'tenant_id'); END IF; END $$;

CREATE TABLE obligation_notes (
	tenant_id TEXT NOT NULL, 
	office_id UUID NOT NULL, 
	project_id UUID NOT NULL, 
	kind TEXT NOT NULL, 
	key TEXT NOT NULL, 
	asked_on DATE, 
	answered_on DATE, 
	CONSTRAINT pk_obligation_notes PRIMARY KEY (tenant_id, project_id, kind, key), 
	CONSTRAINT ck_obligation_notes_kind CHECK (kind IN ('filing_query', 'opinion'))
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('obligation_notes', 'tenant_id'); END IF; END $$;

CREATE TABLE obligation_reminders (
	tenant_id TEXT NOT NULL, 
	office_id UUID NOT NULL, 
	obligation_id UUID NOT NULL, 
	due DATE NOT NULL, 
	point TEXT NOT NULL, 
	given_on DATE NOT NULL, 
	CONSTRAINT pk_obligation_reminders PRIMARY KEY (tenant_id, obligation_id, due, point)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('obligation_reminders', 'tenant_id'); END IF; END $$;

CREATE TABLE obligations (
	tenant_id TEXT NOT NULL, 
	office_id UUID NOT NULL, 
	id UUID NOT NULL, 
	project_id UUID NOT NULL, 
	code TEXT NOT NULL, 
	key TEXT NOT NULL, 
	state TEXT NOT NULL, 
	due DATE NOT NULL, 
	since DATE NOT NULL, 
	article INTEGER NOT NULL, 
	basis TEXT NOT NULL, 
	severity TEXT NOT NULL, 
	duty_tier TEXT NOT NULL, 
	duty_roles TEXT[] NOT NULL, 
	paused BOOLEAN NOT NULL, 
	pauses JSONB NOT NULL, 
	done_on DATE, 
	CONSTRAINT pk_obligations PRIMARY KEY (tenant_id, id), 
	CONSTRAINT ck_obligations_state CHECK (state IN ('open', 'lapsed', 'done', 'void'))
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('obligations', 'tenant_id'); END IF; END $$;

CREATE INDEX ix_obligations_due ON obligations (tenant_id, due, id);

CREATE INDEX ix_obligations_office ON obligations (tenant_id, office_id, due, id);

CREATE INDEX ix_obligations_project ON obligations (tenant_id, project_id);
