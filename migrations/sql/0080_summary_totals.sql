-- Generated once from the models; a test compares both.

CREATE TABLE summary_totals (
	tenant_id TEXT NOT NULL, 
	route TEXT NOT NULL, 
	state TEXT NOT NULL, 
	count BIGINT NOT NULL, 
	amount_fen BIGINT NOT NULL, 
	CONSTRAINT pk_summary_totals PRIMARY KEY (tenant_id, route, state)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('summary_totals', 'tenant_id'); END IF; END $$;
