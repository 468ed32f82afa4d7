-- SPDX-License-Identifier: Apache-2.0
-- Rotation: when a key is due by itself, every how many days, and what had each generation made.
-- All are NULL of keys and generations that there were before.

ALTER TABLE cmk ADD COLUMN rotation_period BIGINT;
ALTER TABLE cmk ADD COLUMN next_rotation BIGINT;
ALTER TABLE key_token ADD COLUMN rotation_type TEXT;
CREATE INDEX cmk_by_rotation ON cmk (next_rotation) WHERE next_rotation IS NOT NULL;
