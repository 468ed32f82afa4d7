-- SPDX-License-Identifier: Apache-2.0
-- Multi-Region keys: where the primary is, and the replicas, with a space between their regions.
-- Both are NULL of keys that are in one region.

ALTER TABLE cmk ADD COLUMN primary_region TEXT;
ALTER TABLE cmk ADD COLUMN replica_regions TEXT;
