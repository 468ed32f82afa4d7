-- SPDX-License-Identifier: Apache-2.0
-- Rotation by use: after how many messages and bytes a key is due, and how many its current material
-- had. All are NULL of keys that rotate by their date only; a limit that there is not is 0.

ALTER TABLE cmk ADD COLUMN rotation_max_messages BIGINT;
ALTER TABLE cmk ADD COLUMN rotation_max_bytes BIGINT;
ALTER TABLE cmk ADD COLUMN rotation_messages BIGINT;
ALTER TABLE cmk ADD COLUMN rotation_bytes BIGINT;
