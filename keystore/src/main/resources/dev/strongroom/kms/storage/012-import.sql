-- SPDX-License-Identifier: Apache-2.0
-- Imported key material: whether it is there, until when, and what waits for a rotation. All are
-- NULL of keys and generations that there were before.

ALTER TABLE key_token ADD COLUMN presence TEXT;
ALTER TABLE key_token ADD COLUMN pending_rotation BIGINT;
ALTER TABLE key_token ADD COLUMN valid_to BIGINT;
ALTER TABLE key_token ADD COLUMN destruction_date BIGINT;
ALTER TABLE key_token ADD COLUMN description TEXT;
ALTER TABLE cmk ADD COLUMN material_expiry BIGINT;
ALTER TABLE cmk ADD COLUMN material_destruction BIGINT;
CREATE INDEX cmk_by_material_expiry ON cmk (material_expiry) WHERE material_expiry IS NOT NULL;
CREATE INDEX cmk_by_material_destruction ON cmk (material_destruction)
  WHERE material_destruction IS NOT NULL;
