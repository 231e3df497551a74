-- Generated once from the models; a test compares both.

CREATE INDEX ix_library_imports_proposed ON library_imports (tenant_id, proposed_at, id) WHERE state = 'proposed';
CREATE INDEX ix_obligations_desk ON obligations (tenant_id, desk, due, since, id) WHERE state IN ('open', 'lapsed');
CREATE INDEX ix_obligations_late ON obligations (tenant_id, duty_tier, due, since, id) WHERE state IN ('open', 'lapsed');
CREATE INDEX ix_obligations_owner ON obligations (tenant_id, office_id, due, since, id) WHERE state IN ('open', 'lapsed') AND duty_roles = '{}'::text[];
CREATE INDEX ix_adoptions_requested ON adoptions (tenant_id, requested_at, id) WHERE state = 'requested';
CREATE INDEX ix_projects_changed ON projects (tenant_id, updated_at DESC, id DESC);
CREATE INDEX ix_projects_given_back ON projects (tenant_id, office_id, state, entered_at, id) WHERE state IN ('need_returned', 'need_gatekept', 'returned');
CREATE INDEX ix_projects_waiting ON projects (tenant_id, state, route, entered_at, id) WHERE state IN ('need_submitted', 'need_reported', 'appraised', 'submitted', 'gatekept', 'with_province', 'in_joint_review', 'leading_group_decided', 'need_returned', 'need_gatekept', 'returned');
CREATE INDEX ix_appraisals_underway ON appraisals (tenant_id, agency_office_id) WHERE status IN ('commissioned', 'drawn', 'scored');
CREATE INDEX ix_link_invitations_invited ON link_invitations (tenant_id, invited_at, id) WHERE state = 'invited';
CREATE INDEX ix_provisions_confirmed ON provisions (tenant_id, confirmed_at, id) WHERE state = 'confirmed';
CREATE INDEX ix_rectification_orders_answered ON rectification_orders (tenant_id, organ, answered_on, id) WHERE state = 'answered';
CREATE INDEX ix_suspicions_open ON suspicions (tenant_id, found_at, id) WHERE state = 'open';
CREATE INDEX ix_appraisal_experts_open ON appraisal_experts (tenant_id, user_id) WHERE scored_at IS NULL AND recused_at IS NULL;
