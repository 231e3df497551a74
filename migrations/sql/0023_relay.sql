-- Generated once from the models; a test compares both.

CREATE TABLE outbox_work (
	tenant_id TEXT NOT NULL, 
	event_id UUID NOT NULL, 
	lane TEXT NOT NULL, 
	next_attempt_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	attempts INTEGER NOT NULL, 
	last_error TEXT, 
	handed TEXT[] DEFAULT '{}' NOT NULL, 
	dead_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_outbox_work PRIMARY KEY (tenant_id, event_id, lane)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('outbox_work', 'tenant_id'); END IF; END $$;

CREATE INDEX ix_outbox_work_dead ON outbox_work (tenant_id, dead_at) WHERE dead_at IS NOT NULL;

CREATE INDEX ix_outbox_work_due ON outbox_work (tenant_id, lane, next_attempt_at, event_id) WHERE dead_at IS NULL;

CREATE TABLE webhook_health (
	tenant_id TEXT NOT NULL, 
	endpoint_id UUID NOT NULL, 
	pace INTEGER NOT NULL, 
	failures INTEGER NOT NULL, 
	failing_since TIMESTAMP WITH TIME ZONE, 
	paused_until TIMESTAMP WITH TIME ZONE, 
	told_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_webhook_health PRIMARY KEY (tenant_id, endpoint_id)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('webhook_health', 'tenant_id'); END IF; END $$;
