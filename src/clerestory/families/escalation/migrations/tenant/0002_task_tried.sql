-- Whether a task was asked for before: one whose making came to no end may be there, and is looked for first.
ALTER TABLE tenant.escalation_issue ADD COLUMN task_tried boolean NOT NULL DEFAULT false;
