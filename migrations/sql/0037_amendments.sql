-- Generated once from the models; a test compares both.

CREATE TABLE amendment_decisions (
	number INTEGER NOT NULL, 
	accepted BOOLEAN NOT NULL, 
	note TEXT, 
	decided_by TEXT NOT NULL, 
	decided_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	digest TEXT NOT NULL, 
	CONSTRAINT pk_amendment_decisions PRIMARY KEY (number)
);

CREATE TABLE amendments (
	number INTEGER NOT NULL, 
	document_number TEXT NOT NULL, 
	document_date DATE NOT NULL, 
	issued_by TEXT[] NOT NULL, 
	reason TEXT NOT NULL, 
	effective_from DATE NOT NULL, 
	entries JSONB NOT NULL, 
	transition JSONB, 
	proposed_by TEXT NOT NULL, 
	proposed_user UUID, 
	proposed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	digest TEXT NOT NULL, 
	CONSTRAINT pk_amendments PRIMARY KEY (number)
);
