-- Generated once from the models; a test compares both.

CREATE TABLE interpretations (
	reading TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	question TEXT NOT NULL, 
	text TEXT NOT NULL, 
	articles JSONB NOT NULL, 
	issued_by TEXT[] NOT NULL, 
	document_number TEXT NOT NULL, 
	document_date DATE NOT NULL, 
	effective_from DATE NOT NULL, 
	sets JSONB NOT NULL, 
	recorded_by TEXT NOT NULL, 
	recorded_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	digest TEXT NOT NULL, 
	CONSTRAINT pk_interpretations PRIMARY KEY (reading, number)
);

CREATE TABLE rulebook_overlays (
	tenant_id TEXT NOT NULL, 
	id UUID NOT NULL, 
	number INTEGER NOT NULL, 
	key TEXT NOT NULL, 
	value JSONB, 
	effective_from DATE NOT NULL, 
	reason TEXT NOT NULL, 
	recorded_by TEXT NOT NULL, 
	recorded_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	digest TEXT NOT NULL, 
	CONSTRAINT pk_rulebook_overlays PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_rulebook_overlays_number UNIQUE (tenant_id, number), 
	CONSTRAINT ck_rulebook_overlays_number CHECK (number >= 1)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('rulebook_overlays', 'tenant_id'); END IF; END $$;
