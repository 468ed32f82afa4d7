// SPDX-License-Identifier: Apache-2.0
/**
 * The audit trail as CloudTrail delivers it: gzipped JSON by the hour, with signed digest files
 * that form a chain.
 *
 * <p>Start at {@link dev.strongroom.kms.audit.export.LogExport}, which writes, and {@link
 * dev.strongroom.kms.audit.export.ExportCheck}, which verifies with public keys alone; {@link
 * dev.strongroom.kms.audit.export.Digest} has the form of a digest file.
 *
 * <p>May import {@code kms}, its JSON, and {@code kms.audit}.
 */
@NullMarked
package dev.strongroom.kms.audit.export;

import org.jspecify.annotations.NullMarked;
