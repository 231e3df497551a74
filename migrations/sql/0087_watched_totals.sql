-- Generated once from the models; a test compares both.

CREATE TABLE watched_deltas (
	tenant_id TEXT NOT NULL, 
	id UUID NOT NULL, 
	reach TEXT NOT NULL, 
	month TEXT NOT NULL, 
	count BIGINT NOT NULL, 
	amount_fen BIGINT NOT NULL, 
	investment_fen BIGINT NOT NULL, 
	maintenance_fen BIGINT NOT NULL, 
	near_line BIGINT NOT NULL, 
	near_line_fen BIGINT NOT NULL, 
	label_without_evidence BIGINT NOT NULL, 
	label_without_evidence_fen BIGINT NOT NULL, 
	under_line_by_maintenance BIGINT NOT NULL, 
	under_line_by_maintenance_fen BIGINT NOT NULL, 
	split_suspicions BIGINT NOT NULL, 
	split_confirmed BIGINT NOT NULL, 
	label_suspicions BIGINT NOT NULL, 
	label_confirmed BIGINT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_watched_deltas PRIMARY KEY (tenant_id, id)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('watched_deltas', 'tenant_id'); END IF; END $$;

CREATE TABLE watched_totals (
	tenant_id TEXT NOT NULL, 
	reach TEXT NOT NULL, 
	month TEXT NOT NULL, 
	count BIGINT NOT NULL, 
	amount_fen BIGINT NOT NULL, 
	investment_fen BIGINT NOT NULL, 
	maintenance_fen BIGINT NOT NULL, 
	near_line BIGINT NOT NULL, 
	near_line_fen BIGINT NOT NULL, 
	label_without_evidence BIGINT NOT NULL, 
	label_without_evidence_fen BIGINT NOT NULL, 
	under_line_by_maintenance BIGINT NOT NULL, 
	under_line_by_maintenance_fen BIGINT NOT NULL, 
	split_suspicions BIGINT NOT NULL, 
	split_confirmed BIGINT NOT NULL, 
	label_suspicions BIGINT NOT NULL, 
	label_confirmed BIGINT NOT NULL, 
	CONSTRAINT pk_watched_totals PRIMARY KEY (tenant_id, reach, month)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('watched_totals', 'tenant_id'); END IF; END $$;
