-- Generated once from the models; a test compares both.

CREATE TABLE declaration_rounds (
	id UUID NOT NULL, 
	number INTEGER NOT NULL, 
	action TEXT NOT NULL, 
	content JSONB NOT NULL, 
	organ TEXT NOT NULL, 
	by TEXT NOT NULL, 
	by_user TEXT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_declaration_rounds PRIMARY KEY (id, number), 
	CONSTRAINT ck_declaration_rounds_action CHECK (action IN ('proposed', 'confirmed', 'refused'))
);
