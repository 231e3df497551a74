-- Generated once from the models; a test compares both.

CREATE TABLE duty_deltas (
	tenant_id TEXT NOT NULL, 
	id UUID NOT NULL, 
	reach TEXT NOT NULL, 
	code TEXT NOT NULL, 
	month DATE NOT NULL, 
	day DATE NOT NULL, 
	open BIGINT NOT NULL, 
	lapsed BIGINT NOT NULL, 
	paused BIGINT NOT NULL, 
	soon BIGINT NOT NULL, 
	done BIGINT NOT NULL, 
	done_late BIGINT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_duty_deltas PRIMARY KEY (tenant_id, id)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('duty_deltas', 'tenant_id'); END IF; END $$;

CREATE TABLE duty_totals (
	tenant_id TEXT NOT NULL, 
	span TEXT NOT NULL, 
	reach TEXT NOT NULL, 
	code TEXT NOT NULL, 
	month DATE NOT NULL, 
	day DATE NOT NULL, 
	open BIGINT NOT NULL, 
	lapsed BIGINT NOT NULL, 
	paused BIGINT NOT NULL, 
	soon BIGINT NOT NULL, 
	done BIGINT NOT NULL, 
	done_late BIGINT NOT NULL, 
	CONSTRAINT pk_duty_totals PRIMARY KEY (tenant_id, span, day, reach, code, month), 
	CONSTRAINT ck_duty_totals_span CHECK (span IN ('month', 'day'))
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('duty_totals', 'tenant_id'); END IF; END $$;
