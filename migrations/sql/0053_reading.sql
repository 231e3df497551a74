-- Generated once from the models; a test compares both.

CREATE TABLE inbox_reads (
	tenant_id TEXT NOT NULL, 
	message_id UUID NOT NULL, 
	reader TEXT NOT NULL, 
	by TEXT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_inbox_reads PRIMARY KEY (tenant_id, message_id, reader), 
	CONSTRAINT fk_inbox_reads_message FOREIGN KEY(tenant_id, message_id) REFERENCES inbox (tenant_id, id) ON DELETE CASCADE
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('inbox_reads', 'tenant_id'); END IF; END $$;
