-- Generated once from the models; a test compares both.

CREATE INDEX ix_filing_queries_asked ON filing_queries (tenant_id, asked_at);
CREATE INDEX ix_filing_queries_answered ON filing_queries (tenant_id, answered_at);
CREATE INDEX ix_joint_review_opinions_given ON joint_review_opinions (tenant_id, given_at);
