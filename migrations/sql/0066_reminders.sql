-- Generated once from the models; a test compares both.

CREATE TABLE reminder_marks (
	tenant_id TEXT NOT NULL, 
	user_id UUID NOT NULL, 
	event_id UUID NOT NULL, 
	kind TEXT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	message_id UUID, 
	CONSTRAINT pk_reminder_marks PRIMARY KEY (tenant_id, user_id, event_id)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('reminder_marks', 'tenant_id'); END IF; END $$;

CREATE INDEX ix_reminder_marks_new ON reminder_marks (tenant_id, user_id) WHERE message_id IS NULL;

CREATE INDEX ix_reminder_marks_old ON reminder_marks (tenant_id, at);

CREATE TABLE reminder_messages (
	tenant_id TEXT NOT NULL, 
	id UUID NOT NULL, 
	user_id UUID NOT NULL, 
	purpose TEXT NOT NULL, 
	channel TEXT NOT NULL, 
	address TEXT NOT NULL, 
	body TEXT NOT NULL, 
	state TEXT NOT NULL, 
	attempts INTEGER NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	next_attempt_at TIMESTAMP WITH TIME ZONE, 
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	last_error TEXT, 
	CONSTRAINT pk_reminder_messages PRIMARY KEY (tenant_id, id), 
	CONSTRAINT ck_reminder_messages_state CHECK (state IN ('pending', 'sent', 'dead', 'dropped'))
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('reminder_messages', 'tenant_id'); END IF; END $$;

CREATE INDEX ix_reminder_messages_due ON reminder_messages (tenant_id, channel, next_attempt_at) WHERE state = 'pending';

CREATE INDEX ix_reminder_messages_old ON reminder_messages (tenant_id, created_at);

CREATE INDEX ix_reminder_messages_user ON reminder_messages (tenant_id, user_id, created_at);

CREATE TABLE reminder_settings (
	tenant_id TEXT NOT NULL, 
	user_id UUID NOT NULL, 
	channel TEXT NOT NULL, 
	address TEXT NOT NULL, 
	mode TEXT NOT NULL, 
	hour INTEGER NOT NULL, 
	kinds TEXT[] NOT NULL, 
	verified_at TIMESTAMP WITH TIME ZONE, 
	code_at TIMESTAMP WITH TIME ZONE, 
	code_tries INTEGER NOT NULL, 
	codes INTEGER NOT NULL, 
	codes_on DATE, 
	digest_on DATE, 
	changed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_reminder_settings PRIMARY KEY (tenant_id, user_id), 
	CONSTRAINT fk_reminder_settings_user FOREIGN KEY(tenant_id, user_id) REFERENCES users (tenant_id, id), 
	CONSTRAINT ck_reminder_settings_channel CHECK (channel IN ('mail', 'gateway')), 
	CONSTRAINT ck_reminder_settings_mode CHECK (mode IN ('none', 'at_once', 'digest')), 
	CONSTRAINT ck_reminder_settings_hour CHECK (hour BETWEEN 0 AND 23)
);

DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; PERFORM create_distributed_table('reminder_settings', 'tenant_id'); END IF; END $$;
