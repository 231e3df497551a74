-- Generated once from the models; a test compares both.

CREATE TABLE workbooks (
	tenant_id TEXT NOT NULL, 
	id UUID NOT NULL, 
	sheet TEXT NOT NULL, 
	name TEXT NOT NULL, 
	form TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	state TEXT NOT NULL, 
	rows INTEGER NOT NULL, 
	things INTEGER NOT NULL, 
	done INTEGER NOT NULL, 
	wrong INTEGER NOT NULL, 
	present INTEGER NOT NULL, 
	made INTEGER NOT NULL, 
	faults JSONB NOT NULL, 
	notes JSONB NOT NULL, 
	content BYTEA, 
	sent_by TEXT NOT NULL, 
	sender TEXT NOT NULL, 
	sent_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	beat_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	committed_by TEXT, 
	committed_at TIMESTAMP WITH TIME ZONE, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_workbooks PRIMARY KEY (tenant_id, id), 
	CONSTRAINT ck_workbooks_state CHECK (state IN ('checking', 'faulty', 'checked', 'committing', 'committed', 'withdrawn')), 
	CONSTRAINT ck_workbooks_committed CHECK ((state = 'committed') = (committed_at IS NOT NULL))
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('workbooks', 'tenant_id'); END IF; END $$;

CREATE INDEX ix_workbooks_digest ON workbooks (tenant_id, sheet, digest);

CREATE INDEX ix_workbooks_sent ON workbooks (tenant_id, sent_at);
