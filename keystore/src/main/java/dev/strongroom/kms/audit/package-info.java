// SPDX-License-Identifier: Apache-2.0
/**
 * What happened: a tamper-evident record of every call, written before the call's result is
 * released.
 *
 * <p>Start at {@link dev.strongroom.kms.audit.AuditTrail}; {@link dev.strongroom.kms.audit.Journal}
 * is the trail in files, {@link dev.strongroom.kms.audit.AuditVerifier} checks them, and {@link
 * dev.strongroom.kms.audit.CloudTrailJson} shows records as CloudTrail does. Where a MAC or
 * signature is needed the package is handed a function; it knows neither keys nor HSMs, policies
 * nor storage.
 *
 * <p>May import {@code kms}, its JSON, {@code kms.audit.proof} and {@code kms.audit.usage}.
 */
@NullMarked
package dev.strongroom.kms.audit;

import org.jspecify.annotations.NullMarked;
