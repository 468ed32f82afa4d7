-- SPDX-License-Identifier: Apache-2.0
-- What one version of the domain key says of the public key of the next; absent for the first.

ALTER TABLE domain_key ADD COLUMN endorsement ${bytes};
